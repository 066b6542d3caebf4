"""From what a reward returned to scores: numbers, or honest words; never 0 for what is not a number."""

from __future__ import annotations

import math
from typing import Any

_len = len  # A reward may have replaced the builtin when this is called.


class Contract(Exception):
    """What was returned cannot be the rewards of these samples."""


def listed(returned: Any, size: int) -> list:
    """One value a sample. Errors: `Contract` for anything that is not a list of `size` values."""
    if hasattr(returned, "tolist"):
        returned = returned.tolist()
    if returned is None or isinstance(returned, (str, bytes, dict, int, float)) or not hasattr(returned, "__iter__"):
        raise Contract(f"it returned {kind(returned)} instead of a list of {size} rewards")
    values = list(returned)
    if _len(values) != size:
        raise Contract(f"it returned {_len(values)} rewards for {size} completions")
    return values


def score(value: Any, total: str | None) -> Any:
    """A number of JSON or a word; `total` is the key of the number in a dictionary. Errors: `Contract`."""
    if isinstance(value, dict):
        if total is None or total not in value:
            raise Contract(f"a reward is a dictionary without {total!r}" if total else "a reward is a dictionary")
        value = value[total]
    if value is None:
        return "none"
    if isinstance(value, (str, bytes)) or not hasattr(value, "__float__") and not hasattr(value, "__index__"):
        raise Contract(f"a reward is {kind(value)}, not a number")
    number = float(value)
    if math.isnan(number):
        return "nan"
    if math.isinf(number):
        return "inf" if number > 0 else "-inf"
    return number


def components(values: list, total: str | None) -> dict[str, list]:
    """The other numbers of dictionary results, by key; `unknown` where a sample lacks the key."""
    keys = {key: None for value in values if isinstance(value, dict) for key in value if key != total}
    return {str(key): [_part(value, key) for value in values] for key in keys}


def kind(value: Any) -> str:
    return "None" if value is None else f"a {type(value).__name__}"


def _part(value: Any, key: Any) -> Any:
    if not isinstance(value, dict) or key not in value:
        return "unknown"
    try:
        return score(value[key], None)
    except (Contract, TypeError, ValueError, OverflowError):
        return "unknown"
