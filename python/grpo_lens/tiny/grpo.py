"""GRPO itself: groups, advantages, the clipped objective with KL, its exact gradient, Adam.

Formulas as in trl:trl/trainer/grpo_trainer.py @ v0.28 (`loss_type="grpo"`, `scale_rewards="group"`): the mean over
completions of the mean over tokens.
"""

from __future__ import annotations

import math
import statistics
from dataclasses import dataclass, field

from .policy import TOKENS, Policy, State, features

Steps = "list[tuple[State, int]]"


@dataclass
class Batch:
    """Completions of one step, group after group, with the log-probabilities they were sampled with."""

    chosen: list[list[tuple[State, int]]]
    advantages: list[float]
    sampled: list[list[float]]


@dataclass
class Settings:
    epsilon: float = 0.2
    beta: float = 0.02
    learning_rate: float = 0.02
    iterations: int = 2


@dataclass
class Update:
    """What the updates of one step came to, each a mean over their iterations."""

    loss: float = 0.0
    kl: float = 0.0
    grad_norm: float = 0.0
    clip_low: float = 0.0
    clip_high: float = 0.0


def advantages_of(totals: list[float], size: int) -> tuple[list[float], list[float]]:
    """(R − mean) / (std + 1e-4) within each group of `size`, std with n − 1; and the groups' stds."""
    advantages: list[float] = []
    spreads: list[float] = []
    for start in range(0, len(totals), size):
        group = totals[start : start + size]
        mean = statistics.fmean(group)
        spread = statistics.stdev(group) if len(group) > 1 else 0.0
        spreads.append(spread)
        advantages += [(total - mean) / (spread + 1e-4) for total in group]
    return advantages, spreads


def step(policy: Policy, reference: Policy, batch: Batch, optimiser: Adam, settings: Settings) -> Update:
    total = Update()
    for _ in range(settings.iterations):
        update, gradient = objective(policy, reference, batch, settings)
        optimiser.apply(policy, gradient, settings.learning_rate)
        for name in vars(total):
            setattr(total, name, getattr(total, name) + getattr(update, name) / settings.iterations)
    return total


def objective(policy: Policy, reference: Policy, batch: Batch, settings: Settings) -> tuple[Update, dict]:
    """The loss and its gradient by the logits of every state that occurs."""
    pulls: dict[State, list[float]] = {}
    update = Update()
    count = len(batch.chosen)
    for chosen, advantage, sampled in zip(batch.chosen, batch.advantages, batch.sampled):
        share = 1.0 / (count * len(chosen))
        for (state, token), old in zip(chosen, sampled):
            log = policy.logprobs(state)[token]
            ratio = math.exp(log - old)
            low = ratio < 1 - settings.epsilon and advantage < 0
            high = ratio > 1 + settings.epsilon and advantage > 0
            bounded = min(max(ratio, 1 - settings.epsilon), 1 + settings.epsilon)
            away = reference.logprobs(state)[token] - log
            kl = math.exp(away) - away - 1
            update.loss += share * (-min(ratio * advantage, bounded * advantage) + settings.beta * kl)
            update.kl += share * kl
            update.clip_low += share * low
            update.clip_high += share * high
            pull = share * ((0.0 if low or high else -advantage * ratio) + settings.beta * (1 - math.exp(away)))
            pulls.setdefault(state, [0.0] * len(TOKENS))[token] += pull
    gradient = by_feature(policy, pulls)
    update.grad_norm = math.sqrt(sum(value * value for row in gradient.values() for value in row))
    return update, gradient


def by_feature(policy: Policy, pulls: dict) -> dict:
    """From d loss / d log p to d loss / d logits (p's own part taken off), summed over the features of each state."""
    gradient: dict = {}
    for state, pull in pulls.items():
        total = sum(pull)
        row = [value - total * chance for value, chance in zip(pull, policy.probabilities(state))]
        for key in features(state):
            known = gradient.setdefault(key, [0.0] * len(TOKENS))
            for index, value in enumerate(row):
                known[index] += value
    return gradient


@dataclass
class Adam:
    """Adam without weight decay; its moments are part of a checkpoint."""

    first: dict = field(default_factory=dict)
    second: dict = field(default_factory=dict)
    count: int = 0

    def apply(self, policy: Policy, gradient: dict, learning_rate: float) -> None:
        self.count += 1
        size = learning_rate * math.sqrt(1 - 0.999**self.count) / (1 - 0.9**self.count)
        for key, slope in gradient.items():
            row = policy.tables.setdefault(key, [0.0] * len(TOKENS))
            first = self.first.setdefault(key, [0.0] * len(TOKENS))
            second = self.second.setdefault(key, [0.0] * len(TOKENS))
            for index, value in enumerate(slope):
                first[index] = 0.9 * first[index] + 0.1 * value
                second[index] = 0.999 * second[index] + 0.001 * value * value
                row[index] -= size * first[index] / (math.sqrt(second[index]) + 1e-6)
        policy.changed()


def entropy(policy: Policy, chosen: list[list[tuple[State, int]]]) -> float:
    """Mean over tokens of the entropy of what they were drawn from."""
    terms = [
        -sum(chance * math.log(chance) for chance in policy.probabilities(state) if chance > 0)
        for steps in chosen
        for state, _ in steps
    ]
    return statistics.fmean(terms)
