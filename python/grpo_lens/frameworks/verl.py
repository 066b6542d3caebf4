"""verl: one sample a call, by keywords (verl/experimental/reward_loop/reward_manager/naive.py @ 1dda039b9); the
legacy batch manager passes lists of the same in the plural."""

from __future__ import annotations

import ast
from typing import Any, Iterator

from ..calling import Caller, settled, settled_all
from ..reward import Reward
from ..rows import Rows
from ..syntax import functions, signature

ID = "verl"
STUBS = ("verl",)
MODELLED: dict[str, dict[str, Any]] = {}
TOTAL = "score"

_SINGLE = ("data_source", "solution_str", "ground_truth", "extra_info")
_BATCH = ("data_sources", "solution_strs", "ground_truths", "extra_infos")


ADDS_FOLDER = False

CONTRACT = {
    "none": "verl stops: a score must be a number, or a dictionary with the key score",
    "nan": "verl puts NaN on the last token, and the advantages of the whole group become NaN",
    "wrong-type": "verl stops: a score must be a number, or a dictionary with the key score",
    "missing-column": "verl passes data_source, solution_str, ground_truth and extra_info only, and stops with a TypeError",
}


def checked(reward: Reward, source: str) -> list[tuple[str, str, str]]:
    return []


def find(tree: ast.Module) -> Iterator[Reward]:
    for function in functions(tree):
        takes = signature(function)
        single = {"solution_str", "ground_truth"} <= set(takes.names)
        if single or {"solution_strs", "ground_truths"} <= set(takes.names):
            is_async = isinstance(function, ast.AsyncFunctionDef)
            needs = takes.needs(*_SINGLE, *_BATCH)
            shape = "single" if single else "batch"
            name, line = function.name, function.lineno
            yield Reward(name, line, "function", ID, is_async, needs, takes.takes_any, (), shape)


def prepare(target: Any, settings: dict) -> Any:
    return target


def caller(target: Any, rows: Rows, reward: Reward) -> Caller:
    sources = rows.get("data_source") or ["unknown"] * rows.size
    extras = [_extra(extra) for extra in rows.get("extra_info") or [None] * rows.size]
    columns = [sources, rows.texts, rows.truths, extras]
    given = list(zip(*columns))

    def one(source: Any, text: str, truth: Any, extra: dict) -> Any:
        return target(data_source=source, solution_str=text, ground_truth=truth, extra_info=dict(extra))

    def call(start: int, end: int) -> Any:
        if reward.shape == "single":
            return settled_all([one(*row) for row in given[start:end]])
        return settled(target(**{name: column[start:end] for name, column in zip(_BATCH, columns)}))

    return call


def _extra(recorded: Any) -> dict:
    told = {"num_turns": None, "rollout_reward_scores": {}}
    return {**recorded, **told} if isinstance(recorded, dict) else told
