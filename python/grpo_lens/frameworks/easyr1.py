"""EasyR1: lists of `RewardInput`, or one at a time where `REWARD_TYPE = "sequential"`
(verl/workers/reward/function.py:107 @ b44b311); earlier versions passed the answer and the truth themselves."""

from __future__ import annotations

import ast
from typing import Any, Iterator

from ..calling import settled, settled_all
from ..reward import Reward
from ..rows import Rows
from ..stubs import Unknown
from ..syntax import Signature, constant, functions, signature

ID = "easyr1"
STUBS: tuple[str, ...] = ()
MODELLED: dict[str, dict[str, Any]] = {}
TOTAL = "overall"

_OLD = {"predicts": "ground_truths", "predict_str": "ground_truth", "predict": "ground_truth"}


def find(tree: ast.Module) -> Iterator[Reward]:
    for function in functions(tree):
        takes = signature(function)
        shape = _shape(takes, constant(tree, "REWARD_TYPE"))
        if shape is None:
            continue
        is_async = isinstance(function, ast.AsyncFunctionDef)
        needs = tuple(takes.required[1 if "reward" in shape else 2 :])
        name, line = function.name, function.lineno
        plain = "batch" if shape.startswith("batch") else "single"
        yield Reward(name, line, "function", ID, is_async, needs, takes.takes_any, (), plain)


def prepare(target: Any) -> Any:
    return target


def call(target: Any, rows: Rows, reward: Reward) -> Any:
    first = next(iter(_parameters(target)), "")
    lengths = rows.get("response_length") or [Unknown("response_length") for _ in range(rows.size)]
    if first in _OLD:
        pairs = list(zip(rows.texts, rows.truths))
        if reward.shape == "batch":
            return target([text for text, _ in pairs], [truth for _, truth in pairs])
        return [target(text, truth) for text, truth in pairs]
    fields = ("response", "response_length", "ground_truth")
    inputs = [dict(zip(fields, row)) for row in zip(rows.texts, lengths, rows.truths)]
    if reward.shape == "batch":
        return settled(target(inputs))
    return settled_all([target(one) for one in inputs])


def _shape(takes: Signature, declared: object) -> str | None:
    first = takes.names[0] if takes.names else ""
    if first in ("reward_inputs", "reward_input"):
        usual = "sequential" if first == "reward_input" else "batch"
        return f"{declared if declared in ('batch', 'sequential') else usual} reward"
    if first in _OLD and _OLD[first] in takes.names:
        return "batch pair" if first == "predicts" else "sequential pair"
    return None


def _parameters(target: Any) -> tuple[str, ...]:
    code = getattr(target, "__code__", None)
    return code.co_varnames[: code.co_argcount] if code else ()
