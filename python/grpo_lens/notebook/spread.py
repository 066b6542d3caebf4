"""How scores are spread: the same facts as the editor's lens has above a reward."""

from __future__ import annotations

import math
from typing import Any

_FEW = 8
_BINS = 20
_WORDS = {"nan", "none", "error", "unknown", "withheld"}
_INFINITE = {"inf": math.inf, "-inf": -math.inf}


def number(score: Any) -> float | None:
    """The number of a score, or None for a word."""
    if isinstance(score, str):
        return _INFINITE.get(score)
    return float(score)


def to_json(value: float) -> Any:
    """A number that JSON can hold; infinities and NaN as words."""
    if math.isnan(value):
        return "nan"
    if math.isinf(value):
        return "inf" if value > 0 else "-inf"
    return int(value) if value == int(value) and abs(value) < 2**53 else value


def spread(reward: str, scores: list) -> dict:
    """`Distribution` of the output: over all scores, words counted apart and never as 0."""
    found = [value for value in map(number, scores) if value is not None]
    words: dict[str, int] = {}
    for score in scores:
        if isinstance(score, str) and score in _WORDS:
            words[score] = words.get(score, 0) + 1
    told = {"reward": reward, "samples": len(scores), "words": [{"word": w, "count": n} for w, n in words.items()]}
    return {**told, **_numbers(found)} if found else told


def _numbers(found: list[float]) -> dict:
    least, greatest = min(found), max(found)
    ends = {"mean": to_json(_mean(found)), "least": to_json(least), "greatest": to_json(greatest)}
    counts: dict[float, int] = {}
    for value in found:
        counts[value] = counts.get(value, 0) + 1
    if len(counts) <= _FEW:
        return {**ends, "values": [{"value": to_json(v), "count": counts[v]} for v in sorted(counts)]}
    if math.isinf(greatest - least):
        return ends
    bins = [0] * _BINS
    for value in found:
        bins[min(_BINS - 1, int((value - least) / (greatest - least) * _BINS))] += 1
    return {**ends, "bins": bins}


def _mean(values: list[float]) -> float:
    try:
        return math.fsum(values) / len(values)
    except (OverflowError, ValueError):
        return math.nan
