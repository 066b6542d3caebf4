"""Does a reward score a sample by itself? The plain calls of whole batches, and what they differ in."""

from __future__ import annotations

import math
import random
from dataclasses import dataclass
from typing import Any, Callable

from ..scores import listed

_SLOW = 1.0
_ABSOLUTE = 1e-12
_REPEATED = 512


def same(a: Any, b: Any) -> bool:
    """Equal results: numbers within 1e-9, NaN and None like themselves, dictionaries by key."""
    if isinstance(a, dict) and isinstance(b, dict):
        return a.keys() == b.keys() and all(same(a[key], b[key]) for key in a)
    if a is b:
        return True
    try:
        if isinstance(a, float) and isinstance(b, float):
            return (a != a and b != b) or math.isclose(a, b, rel_tol=1e-9, abs_tol=_ABSOLUTE)
        return bool(a == b)
    except Exception:
        return False


@dataclass(frozen=True)
class Plain:
    """One plain load of the file. `call(rows)`: what it returns for these rows, in one call."""

    call: Callable[[list[int]], list]
    fresh: Callable[[], Callable[[list[int]], list]]
    """Loads the file again."""


@dataclass(frozen=True)
class Asked:
    batches: list
    groups: list | None
    """Group of each row, or None."""
    full: list
    """What the authority call gave, by row; a row whose batch raised has a word."""
    singles: list
    """What the traced calls gave, by row."""
    seconds: float
    """How long the authority call took."""
    raised: set
    """Rows whose batch raised."""


def check(plain: Plain, asked: Asked) -> dict:
    """The kind of dependence with its evidence. It calls the reward again: on the first rows, on all where they differ."""
    rows = [row for start, end in asked.batches for row in range(start, end) if row not in asked.raised]
    if not rows:
        return _kind("unknown", why="every batch raised")
    again = asked.seconds * min(1, _REPEATED / len(rows))
    if again > _SLOW:
        return _kind("unknown", why=f"calling the first batches again would take {again:.1f} s")
    batches = [list(range(start, end)) for start, end in asked.batches if start not in asked.raised]
    try:
        return _classified(plain, asked, batches, rows)
    except Exception as error:
        return _kind("unknown", why=f"calling it again raised {type(error).__name__}: {str(error)[:200]}")


def _classified(plain: Plain, asked: Asked, batches: list, rows: list) -> dict:
    full = asked.full
    some = _first(batches)
    again = _by_row(plain.call, some, len(full))
    other = plain.fresh()
    fresh = _by_row(other, some, len(full))
    for kind, result in (("non-deterministic", fresh), ("stateful", again)):
        differing = [row for batch in some for row in batch if not same(full[row], result[row])]
        if differing:
            return _evidence(kind, differing, full, result)
    differing = [row for row in rows if not same(full[row], asked.singles[row])]
    if not differing:
        return _kind("per-sample")
    alone = _by_row(other, [[row] for row in differing[:200]], len(full))
    if all(same(full[row], alone[row]) for row in differing[:200]):
        return _kind("unknown", why="its traced calls give other scores than its plain calls; line values may be wrong")
    return _dependence(plain, asked, batches, (differing, alone))


def _dependence(plain: Plain, asked: Asked, batches: list, evidence: tuple) -> dict:
    full, (differing, alone) = asked.full, evidence
    if asked.seconds > _SLOW:
        return {
            **_evidence("batch", differing, full, alone),
            "why": "too slow to tell a group, a batch and an order apart",
        }
    rows = [row for batch in batches for row in batch]
    if asked.groups is not None:
        groups: dict[Any, list[int]] = {}
        for row in rows:
            groups.setdefault(asked.groups[row], []).append(row)
        grouped = _by_row(plain.fresh(), list(groups.values()), len(full))
        if all(same(full[row], grouped[row]) for row in rows):
            return _evidence("per-group", differing, full, alone)
    shuffled = [batch[:] for batch in batches]
    for batch in shuffled:
        random.Random(0).shuffle(batch)
    mixed = _by_row(plain.fresh(), shuffled, len(full))
    kind = "batch" if all(same(full[row], mixed[row]) for row in rows) else "order"
    return _evidence(kind, differing, full, alone)


def _first(batches: list) -> list:
    """The first batches, of at least 512 rows together: enough to see chance and memory at work."""
    chosen, rows = [], 0
    for batch in batches:
        chosen.append(batch)
        rows += len(batch)
        if rows >= _REPEATED:
            break
    return chosen


def _by_row(call: Callable[[list[int]], list], batches: list, size: int) -> list:
    results: list = [None] * size
    for batch in batches:
        for row, value in zip(batch, call(batch)):
            results[row] = value
    return results


def _kind(kind: str, **more: Any) -> dict:
    return {"kind": kind, "differs": 0, **more}


def _evidence(kind: str, differing: list, full: list, other: list) -> dict:
    row = next((row for row in differing if other[row] is not None), differing[0])
    example = {"sample": row, "batch": _number(full[row]), "alone": _number(other[row])}
    return {"kind": kind, "differs": len(differing), "example": example}


def _number(value: Any) -> Any:
    for key in ("overall", "score"):
        if isinstance(value, dict) and key in value:
            value = value[key]
    if value is None:
        return "none"
    try:
        number = float(value)
    except (TypeError, ValueError):
        return "unknown"
    return number if math.isfinite(number) else "nan" if math.isnan(number) else ("inf" if number > 0 else "-inf")


def caller(framework: Any, target: Any, rows: Any, reward: Any) -> Callable[[list[int]], list]:
    """`call(rows)` over any selection of rows; neighbouring ones need no copying of columns."""
    whole = framework.caller(target, rows, reward)

    def call(batch: list[int]) -> list:
        start, end = batch[0], batch[-1] + 1
        if end - start == len(batch) and all(a + 1 == b for a, b in zip(batch, batch[1:])):
            return listed(whole(start, end), len(batch))
        part = rows.pick(batch)
        return listed(framework.caller(target, part, reward)(0, len(batch)), len(batch))

    return call
