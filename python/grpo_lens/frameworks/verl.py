"""verl: one sample a call, by keywords (verl/experimental/reward_loop/reward_manager/naive.py @ 1dda039b9); the
legacy batch manager passes lists of the same in the plural."""

from __future__ import annotations

import ast
from typing import Any, Iterator

from ..calling import settled, settled_all
from ..reward import Reward
from ..rows import Rows
from ..syntax import functions, signature

ID = "verl"
STUBS = ("verl",)
MODELLED: dict[str, dict[str, Any]] = {}
TOTAL = "score"

_SINGLE = ("data_source", "solution_str", "ground_truth", "extra_info")
_BATCH = ("data_sources", "solution_strs", "ground_truths", "extra_infos")


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


def prepare(target: Any) -> Any:
    return target


def call(target: Any, rows: Rows, reward: Reward) -> Any:
    sources = rows.get("data_source") or ["unknown"] * rows.size
    extras = [_extra(extra) for extra in rows.get("extra_info") or [None] * rows.size]
    columns = [sources, rows.texts, rows.truths, extras]
    if reward.shape == "batch":
        return settled(target(**dict(zip(_BATCH, columns))))
    return settled_all([target(**dict(zip(_SINGLE, row))) for row in zip(*columns)])


def _extra(recorded: Any) -> dict:
    told = {"num_turns": None, "rollout_reward_scores": {}}
    return {**recorded, **told} if isinstance(recorded, dict) else told
