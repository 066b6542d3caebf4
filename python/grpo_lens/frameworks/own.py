"""A trainer of one's own: a function of one answer and its truth, under the names that people give them."""

from __future__ import annotations

import ast
import inspect
import re
from typing import Any, Iterator

from ..calling import Caller, settled_all
from ..reward import Reward
from ..rows import Rows
from ..syntax import functions, signature

ID = "own"
STUBS: tuple[str, ...] = ()
MODELLED: dict[str, dict[str, Any]] = {}
TOTAL = None

_NAME = re.compile(r"reward|score|acc(uracy)?$|_orm$", re.IGNORECASE)
_ANSWERS = (
    "completion",
    "response",
    "text",
    "prediction",
    "pred",
    "generated",
    "generated_text",
    "output",
    "answer",
    "predict_str",
)
_TRUTHS = ("solution", "ground_truth", "truth", "gold", "reference", "target", "label", "gt")


ADDS_FOLDER = False
CONTRACT: dict[str, str] = {}


def checked(reward: Reward, source: str) -> list[tuple[str, str, str]]:
    return []


def find(tree: ast.Module) -> Iterator[Reward]:
    for function in functions(tree):
        takes = signature(function)
        if not _NAME.search(function.name) or not takes.names or takes.names[0] not in _ANSWERS:
            continue
        truth = len(takes.names) > 1 and takes.names[1] in _TRUTHS
        rest = takes.required[2 if truth else 1 :]
        if rest:
            continue
        is_async = isinstance(function, ast.AsyncFunctionDef)
        name, line = function.name, function.lineno
        needs = ("solution",) if truth and takes.names[1] in takes.required else ()
        yield Reward(name, line, "function", ID, is_async, needs, takes.takes_any, (), "single")


def prepare(target: Any, settings: dict) -> Any:
    return target


def caller(target: Any, rows: Rows, reward: Reward) -> Caller:
    names = tuple(inspect.signature(target).parameters)
    two = len(names) > 1 and names[1] in _TRUTHS
    given = list(zip(rows.texts, rows.truths) if two else zip(rows.texts))
    return lambda start, end: settled_all([target(*arguments) for arguments in given[start:end]])
