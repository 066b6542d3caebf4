"""The policy: a softmax over a dozen tokens, its logits a sum of table entries that the state looks up."""

from __future__ import annotations

import math
import random

from .task import MOST, Example

DIGITS = tuple(str(digit) for digit in range(1, MOST + 3))
TOKENS = ("<think>", "item", "hm", "</think>", "<answer>", *DIGITS, "</answer>", "end")
INDEX = {token: index for index, token in enumerate(TOKENS)}
START = "start"
LONGEST = 24

Key = tuple
State = tuple


def state_of(before: str, listed: int, wanted: int) -> State:
    """What the next token depends on: the token before, how many items are listed, whether all of them are."""
    return (before, min(listed, MOST + 2), (listed > wanted) - (listed < wanted))


def features(state: State) -> tuple[Key, ...]:
    before, listed, rest = state
    return (("before", before), ("listed", before, listed), ("rest", before, rest))


class Policy:
    """Tables of logits by feature; a feature that was never seen is all zeros."""

    def __init__(self, tables: dict[Key, list[float]]):
        self.tables = tables
        self._known: dict[State, tuple[list[float], list[float]]] = {}

    def copy(self) -> Policy:
        return Policy({key: list(row) for key, row in self.tables.items()})

    def changed(self) -> None:
        """Must be called after the tables were changed: what was computed from them is thrown away."""
        self._known.clear()

    def logprobs(self, state: State) -> list[float]:
        return self._both(state)[0]

    def probabilities(self, state: State) -> list[float]:
        return self._both(state)[1]

    def _both(self, state: State) -> tuple[list[float], list[float]]:
        known = self._known.get(state)
        if known is None:
            rows = [row for row in map(self.tables.get, features(state)) if row is not None]
            logits = [sum(column) for column in zip(*rows)] if rows else [0.0] * len(TOKENS)
            most = max(logits)
            total = most + math.log(sum(math.exp(logit - most) for logit in logits))
            logs = [logit - total for logit in logits]
            known = self._known[state] = (logs, [math.exp(log) for log in logs])
        return known

    def sample(self, example: Example, draw: random.Random) -> list[tuple[State, int]]:
        """One completion: states and the tokens chosen in them, at most `LONGEST`; whole where the last is `end`."""
        chosen: list[tuple[State, int]] = []
        before, listed = START, 0
        while len(chosen) < LONGEST:
            state = state_of(before, listed, len(example.items))
            token = draw.choices(range(len(TOKENS)), self.probabilities(state))[0]
            chosen.append((state, token))
            before = TOKENS[token]
            listed += before == "item"
            if before == "end":
                break
        return chosen


def text_of(example: Example, chosen: list[tuple[State, int]]) -> str:
    """The completion as text; items are named in the order in which they stand in the scene."""
    parts: list[str] = []
    listed = 0
    for _, index in chosen:
        token = TOKENS[index]
        if token == "item":
            name = example.items[listed] if listed < len(example.items) else "another one"
            listed += 1
            parts.append(f"\n{listed}. {name}")
        elif token == "hm":
            parts.append("\nhm")
        elif token in ("</think>", "<answer>"):
            parts.append(f"\n{token}")
        elif token in DIGITS:
            parts.append(f" {token}")
        elif token == "</answer>":
            parts.append(" </answer>")
        elif token != "end":
            parts.append(token)
    return "".join(parts)


def taught() -> Policy:
    """A policy as some teaching would leave it: it mostly keeps the form, and often counts wrong."""
    tables: dict[Key, list[float]] = {}

    def teach(key: Key, **logits: float) -> None:
        row = tables.setdefault(key, [0.0] * len(TOKENS))
        for token, logit in logits.items():
            row[INDEX[NAMES.get(token, token)]] += logit

    teach(("before", START), think=5.0, item=1.0, hm=1.0)
    teach(("before", "<think>"), item=4.5, hm=2.5)
    teach(("before", "hm"), item=4.5, stop=2.0)
    teach(("before", "item"), item=4.5, stop=4.5, hm=1.5)
    teach(("rest", "item", -1), item=1.0)
    teach(("rest", "item", 0), stop=0.7)
    teach(("rest", "item", 1), stop=1.5)
    teach(("before", "</think>"), answer=5.5, end=1.5)
    teach(("before", "</answer>"), end=6.0)
    for number, digit in enumerate(DIGITS, 1):
        teach(("before", digit), close=5.5)
        row = {other: 4.5 - 1.3 * abs(number - wrong) for wrong, other in enumerate(DIGITS, 1)}
        teach(("listed", "<answer>", number), **row)
    return Policy(tables)


NAMES = {"think": "<think>", "stop": "</think>", "answer": "<answer>", "close": "</answer>"}
