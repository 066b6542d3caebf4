"""The training loop, its checkpoints, and its going on from them."""

from __future__ import annotations

import ast
import json
import math
import os
import random
import re
import statistics
import time
from dataclasses import asdict, dataclass, field

from . import grpo, record
from .policy import LONGEST, TOKENS, Policy, taught, text_of
from .rewards import RewardError, load, score
from .task import Example, examples, write_dataset


@dataclass
class Options:
    """Names as in TRL where TRL has them."""

    rewards: list[str]
    weights: list[float]
    output_dir: str = "output"
    max_steps: int = 120
    prompts: int = 16
    num_generations: int = 8
    save_steps: int = 20
    seconds_per_step: float = 0.4
    seed: int = 1
    resume: bool = False
    conversational: bool = False
    settings: grpo.Settings = field(default_factory=grpo.Settings)


class Training:
    """One run. All that changes is in `policy`, `optimiser`, `draw`, `step`, `history`: that is what a checkpoint holds."""

    def __init__(self, options: Options):
        self.options = options
        self.rewards = [load(place) for place in options.rewards]
        self.weights = options.weights or [1.0] * len(self.rewards)
        if len(self.weights) != len(self.rewards):
            raise RewardError(f"{len(self.rewards)} rewards need as many weights, not {len(self.weights)}.")
        self.data = examples(512, options.seed)
        self.reference = taught()
        self.policy = taught()
        self.optimiser = grpo.Adam()
        self.draw = random.Random(options.seed)
        self.step = 0
        self.tokens = 0
        self.history: list[dict] = []

    def run(self) -> None:
        options = self.options
        os.makedirs(options.output_dir, exist_ok=True)
        write_dataset(os.path.join(options.output_dir, "dataset.jsonl"), self.data)
        record.write_json(os.path.join(options.output_dir, "args.json"), arguments(options))
        if options.resume:
            self.restore()
        bar = record.Bar(options.max_steps, self.step)
        while self.step < options.max_steps:
            began = time.monotonic()
            line = self.advance()
            time.sleep(max(0.0, options.seconds_per_step - (time.monotonic() - began)))
            line["step_time"] = time.monotonic() - began
            line["epoch"] = self.step * options.prompts / len(self.data)
            self.history.append({"step": self.step, **line})
            bar.draw(self.step)
            print(record.log_line(line), flush=True)
            bar.draw(self.step)
            if self.step % options.save_steps == 0:
                self.save()
        record.write_json(os.path.join(options.output_dir, "trainer_state.json"), self.state())
        record.write_json(os.path.join(options.output_dir, "policy.json"), tables_out(self.policy.tables))

    def advance(self) -> dict[str, float]:
        """One step: sample, score, compare within groups, update; gives the metrics."""
        options = self.options
        scenes = self.draw.sample(self.data, options.prompts)
        rows = [scene for scene in scenes for _ in range(options.num_generations)]
        chosen = [self.policy.sample(scene, self.draw) for scene in rows]
        texts = [text_of(scene, steps) for scene, steps in zip(rows, chosen)]
        scores = self.scores(rows, texts)
        totals = [total(values, self.weights) for values in zip(*scores)]
        advantages, spreads = grpo.advantages_of(totals, options.num_generations)
        sampled = [[self.policy.logprobs(state)[token] for state, token in steps] for steps in chosen]
        spread = grpo.entropy(self.policy, chosen)
        batch = grpo.Batch(chosen, advantages, sampled)
        update = grpo.step(self.policy, self.reference, batch, self.optimiser, options.settings)
        self.step += 1
        self.tokens += sum(map(len, chosen))
        names = [name for name, _ in self.rewards]
        columns = {"step": [self.step] * len(rows), "prompt": [scene.prompt for scene in rows], "completion": texts}
        columns.update(zip(names, scores))
        record.write_completions(options.output_dir, self.step, {**columns, "advantage": advantages})
        metrics = {"loss": update.loss, "grad_norm": update.grad_norm, "learning_rate": options.settings.learning_rate}
        metrics.update(num_tokens=self.tokens, **lengths(chosen))
        for name, values in zip(names, scores):
            known = [value for value in values if not math.isnan(value)]
            metrics[f"rewards/{name}/mean"] = statistics.fmean(known) if known else math.nan
            metrics[f"rewards/{name}/std"] = statistics.stdev(known) if len(known) > 1 else 0.0
        metrics["reward"] = statistics.fmean(totals)
        metrics["reward_std"] = statistics.fmean(spreads)
        metrics["frac_reward_zero_std"] = sum(value < 1e-8 for value in spreads) / len(spreads)
        metrics.update({"kl": update.kl, "entropy": spread})
        metrics.update({"clip_ratio/low_mean": update.clip_low, "clip_ratio/high_mean": update.clip_high})
        metrics["clip_ratio/region_mean"] = update.clip_low + update.clip_high
        return metrics

    def scores(self, rows: list[Example], texts: list[str]) -> list[list[float]]:
        """One list per reward, in the order of the rows."""
        columns = {"prompts": [scene.prompt for scene in rows], "completions": texts}
        if self.options.conversational:
            columns["prompts"] = [[{"role": "user", "content": text}] for text in columns["prompts"]]
            columns["completions"] = [[{"role": "assistant", "content": text}] for text in texts]
        columns["solution"] = [scene.solution for scene in rows]
        return [score(function, name, dict(columns)) for name, function in self.rewards]

    def state(self) -> dict:
        options = self.options
        epoch = self.step * options.prompts / len(self.data)
        known = {"global_step": self.step, "max_steps": options.max_steps, "epoch": epoch}
        return {**known, "logging_steps": 1, "save_steps": options.save_steps, "log_history": self.history}

    def save(self) -> None:
        """A folder that is written aside and renamed, so that a checkpoint is whole or absent."""
        folder = os.path.join(self.options.output_dir, f"checkpoint-{self.step}")
        aside = f"{folder}.new"
        moments = [tables_out(self.optimiser.first), tables_out(self.optimiser.second), self.optimiser.count]
        kept = {"policy": tables_out(self.policy.tables), "moments": moments, "tokens": self.tokens}
        record.write_json(os.path.join(aside, "policy.json"), {**kept, "random": self.draw.getstate()})
        record.write_json(os.path.join(aside, "trainer_state.json"), self.state())
        if not os.path.isdir(folder):
            os.rename(aside, folder)

    def restore(self) -> None:
        """Goes on from the last checkpoint, exactly as if nothing had been between; from the start where there is none."""
        found = [re.fullmatch(r"checkpoint-(\d+)", name) for name in os.listdir(self.options.output_dir)]
        last = max((int(match.group(1)) for match in found if match), default=0)
        if last == 0:
            print("There is no checkpoint: starting from the beginning.", flush=True)
            return
        folder = os.path.join(self.options.output_dir, f"checkpoint-{last}")
        with open(os.path.join(folder, "policy.json"), encoding="utf-8") as file:
            kept = json.load(file)
        with open(os.path.join(folder, "trainer_state.json"), encoding="utf-8") as file:
            self.history = json.load(file)["log_history"]
        first, second, count = kept["moments"]
        self.policy = Policy(tables_in(kept["policy"]))
        self.optimiser = grpo.Adam(tables_in(first), tables_in(second), count)
        version, state, gauss = kept["random"]
        self.draw.setstate((version, tuple(state), gauss))
        self.step, self.tokens = last, kept["tokens"]
        print(f"Resuming from {folder}.", flush=True)


def total(values: tuple[float, ...], weights: list[float]) -> float:
    """Weighted sum; a score that is no number counts for nothing."""
    return sum(weight * value for weight, value in zip(weights, values) if not math.isnan(value))


def lengths(chosen: list[list]) -> dict[str, float]:
    every = [len(steps) for steps in chosen]
    whole = [len(steps) for steps in chosen if TOKENS[steps[-1][1]] == "end"] or [0]
    return {
        "completions/mean_length": statistics.fmean(every),
        "completions/min_length": min(every),
        "completions/max_length": max(every),
        "completions/clipped_ratio": 1 - len([1 for steps in chosen if TOKENS[steps[-1][1]] == "end"]) / len(chosen),
        "completions/mean_terminated_length": statistics.fmean(whole),
        "completions/min_terminated_length": min(whole),
        "completions/max_terminated_length": max(whole),
    }


def arguments(options: Options) -> dict:
    known = asdict(options)
    known.update(known.pop("settings"))
    return {**known, "max_completion_length": LONGEST, "num_iterations": known.pop("iterations")}


def tables_out(tables: dict) -> dict[str, list[float]]:
    return {repr(key): row for key, row in tables.items()}


def tables_in(tables: dict[str, list[float]]) -> dict:
    return {ast.literal_eval(key): row for key, row in tables.items()}
