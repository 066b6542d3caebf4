"""The user's reward functions, called as TRL calls them: columns of a batch by name, one number per completion."""

from __future__ import annotations

import importlib.util
import inspect
import math
import os
import sys
from typing import Callable


class RewardError(Exception):
    """One plain sentence about a reward that cannot be used."""


def load(place: str) -> tuple[str, Callable]:
    """`path/to/rewards.py:name` → name and function."""
    path, _, name = place.rpartition(":")
    if not path or not name.isidentifier():
        raise RewardError(f'"{place}" is no reward: write path/to/file.py:function.')
    if not os.path.isfile(path):
        raise RewardError(f"There is no file {path}.")
    folder = os.path.dirname(os.path.abspath(path))
    if folder not in sys.path:
        sys.path.insert(0, folder)
    spec = importlib.util.spec_from_file_location(f"rewards_of_{abs(hash(path))}", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    function = getattr(module, name, None)
    if not callable(function):
        raise RewardError(f"{path} defines no function {name}.")
    return name, function


def score(function: Callable, name: str, columns: dict[str, list]) -> list[float]:
    """Scores of a batch; None becomes NaN, which counts for nothing."""
    answer = function(**accepted(function, columns))
    if inspect.iscoroutine(answer):
        import asyncio

        answer = asyncio.run(answer)
    try:
        scores = [math.nan if value is None else float(value) for value in answer]
    except (TypeError, ValueError):
        raise RewardError(f"{name} gave {str(answer)[:80]}, not a list of numbers.") from None
    if len(scores) != len(columns["completions"]):
        raise RewardError(f"{name} gave {len(scores)} scores for {len(columns['completions'])} completions.")
    return scores


def accepted(function: Callable, columns: dict[str, list]) -> dict[str, list]:
    """TRL passes every column; a function without **kwargs is given only those that it names, to spare a first try."""
    parameters = inspect.signature(function).parameters.values()
    if any(parameter.kind is parameter.VAR_KEYWORD for parameter in parameters):
        return columns
    names = {parameter.name for parameter in parameters}
    return {name: values for name, values in columns.items() if name in names}
