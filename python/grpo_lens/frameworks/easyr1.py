"""EasyR1: lists of `RewardInput`, or one at a time where `REWARD_TYPE = "sequential"`
(verl/workers/reward/function.py:107 @ b44b311); earlier versions passed the answer and the truth themselves."""

from __future__ import annotations

import ast
import inspect
import re
from typing import Any, Iterator

from ..calling import Caller, settled, settled_all
from ..reward import Reward
from ..rows import Rows
from ..scores import Contract, kind
from ..stubs import Unknown
from ..syntax import Signature, constant, functions, signature

ID = "easyr1"
STUBS: tuple[str, ...] = ()
MODELLED: dict[str, dict[str, Any]] = {}
TOTAL = "overall"

_NAME = re.compile(r"score|reward|main|acc", re.IGNORECASE)
_OLD = {"predicts": "ground_truths", "predict_str": "ground_truth", "predict": "ground_truth"}


ADDS_FOLDER = False

CONTRACT = {
    "none": "EasyR1 stops: a score must be a dictionary with the key overall",
    "nan": "EasyR1 puts NaN on the last token, and the advantages of the whole group become NaN",
    "wrong-length": "EasyR1 gives rewards to the first samples of the batch only, or stops",
    "wrong-type": "EasyR1 stops: a score must be a dictionary with the key overall",
    "missing-column": "EasyR1 passes nothing but the inputs; set it by worker.reward.reward_function_kwargs",
}


def checked(reward: Reward, source: str) -> list[tuple[str, str, str]]:
    found = []
    if reward.is_async:
        found.append(
            ("async", "error", f"{reward.name} is async: EasyR1 calls it without awaiting and gets a coroutine.")
        )
    if "REWARD_TYPE" not in source and re.search(rf"def {reward.name}\(\s*reward_input\b", source):
        text = f"EasyR1 gives {reward.name} a list of inputs, as long as the file does not set REWARD_TYPE to 'sequential'."
        found.append(("reward-type", "warning", text))
    return found


def find(tree: ast.Module) -> Iterator[Reward]:
    for function in functions(tree):
        takes = signature(function)
        shape = _shape(takes, constant(tree, "REWARD_TYPE"), function.name)
        if shape is None:
            continue
        is_async = isinstance(function, ast.AsyncFunctionDef)
        needs = tuple(takes.required[1 if "reward" in shape else 2 :])
        name, line = function.name, function.lineno
        plain = "batch" if shape.startswith("batch") else "single"
        yield Reward(name, line, "function", ID, is_async, needs, takes.takes_any, (), plain)


def prepare(target: Any, settings: dict) -> Any:
    return target


def caller(target: Any, rows: Rows, reward: Reward) -> Caller:
    first = next(iter(_parameters(target)), "")
    lengths = rows.get("response_length") or [Unknown("response_length")] * rows.size
    texts, truths = rows.texts, rows.truths
    fields = ("response", "response_length", "ground_truth")

    def pairs(start: int, end: int) -> Any:
        if reward.shape == "batch":
            return target(texts[start:end], truths[start:end])
        return [target(text, truth) for text, truth in zip(texts[start:end], truths[start:end])]

    def inputs(start: int, end: int) -> Any:
        columns = texts[start:end], lengths[start:end], truths[start:end]
        given = [dict(zip(fields, row)) for row in zip(*columns)]
        if reward.shape == "batch":
            return _dictionaries(settled(target(given)))
        return _dictionaries(settled_all([target(one) for one in given]))

    return pairs if first in _OLD else inputs


def _dictionaries(returned: Any) -> Any:
    """Errors: `Contract` for a plain number, which EasyR1 does not take (verl/workers/reward/function.py:119 @ b44b311)."""
    for value in returned if isinstance(returned, (list, tuple)) else ():
        if value is not None and not isinstance(value, dict):
            raise Contract(f"a reward is {kind(value)}, not a dictionary with the key {TOTAL!r}")
    return returned


def _shape(takes: Signature, declared: object, name: str) -> str | None:
    first = takes.names[0] if takes.names else ""
    if first in ("reward_inputs", "reward_input"):
        return f"{declared if declared in ('batch', 'sequential') else 'batch'} reward"
    if first in _OLD and _OLD[first] in takes.names and _NAME.search(name):
        return "batch pair" if first == "predicts" else "sequential pair"
    return None


def _parameters(target: Any) -> tuple[str, ...]:
    return tuple(inspect.signature(target).parameters)
