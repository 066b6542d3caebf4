"""verl: one sample a call, by keywords (verl/experimental/reward_loop/reward_manager/naive.py @ 1dda039b9); the
legacy batch manager passes lists of the same in the plural."""

from __future__ import annotations

import ast
import inspect
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
    """Rules of the framework's own folder take the text and the truth only; a custom function is given four keywords."""
    wanted = _SINGLE if reward.shape == "single" else _BATCH
    lacking = [] if reward.takes_any else [name for name in wanted if name not in _taken(source, reward)]
    if not lacking:
        return []
    text = f"{reward.name} takes no {' and no '.join(lacking)}: as custom_reward_function verl stops with a TypeError; it was called without."
    return [("signature", "error", text)]


def _taken(source: str, reward: Reward) -> tuple[str, ...]:
    found = (node for node in functions(ast.parse(source)) if node.name == reward.name)
    return next((signature(node).names for node in found), ())


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

    takes = inspect.signature(target).parameters
    free = any(one.kind is one.VAR_KEYWORD for one in takes.values())
    names = [name for name in (_SINGLE if reward.shape == "single" else _BATCH) if free or name in takes]

    def one(source: Any, text: str, truth: Any, extra: dict) -> Any:
        given = dict(zip(_SINGLE, (source, text, truth, dict(extra))))
        return target(**{name: given[name] for name in names})

    def call(start: int, end: int) -> Any:
        if reward.shape == "single":
            return settled_all([one(*row) for row in given[start:end]])
        return settled(target(**{name: column[start:end] for name, column in zip(_BATCH, columns) if name in names}))

    return call


def _extra(recorded: Any) -> dict:
    told = {"num_turns": None, "rollout_reward_scores": {}}
    return {**recorded, **told} if isinstance(recorded, dict) else told
