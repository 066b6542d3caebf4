"""Batches called whole and traced, where a score depends on more than its sample: which lines were whose."""

from __future__ import annotations

from dataclasses import dataclass

from ..limits import BATCH, Limits
from ..rows import Rows
from ..scores import listed
from .batches import same
from .paths import Singles, blank
from .traced import Traced
from .turns import batched

DEPENDENT = ("per-group", "batch", "order")
"""Kinds of dependence that a call of the same batch shows again."""


@dataclass(frozen=True)
class Told:
    singles: Singles
    lines: list[int]
    """Those that ran in no sample's turn."""


@dataclass(frozen=True)
class Whole:
    traced: Traced
    rows: Rows
    batches: list
    timeout: float
    limits: Limits


def whole(job: Whole, full: list, raised: set) -> Told:
    """Every batch that did not raise. Errors: `Differs` where a traced call gives other scores than the plain one."""
    loaded, recorder = job.traced.loaded, job.traced.recorder
    singles = blank(job.rows.size)
    known: dict[tuple, int] = {}
    batches: set[int] = set()
    own: set[int] = set()
    for start, end in job.batches:
        if start in raised:
            continue
        target = batched(loaded.target, end - start, recorder)
        call = loaded.framework.caller(target, job.rows, loaded.reward)
        with job.limits.around(job.timeout, BATCH, start):
            returned = listed(call(start, end), end - start)
        recorder.end()
        if not all(same(value, full[start + at]) for at, value in enumerate(returned)):
            raise Differs
        everybody = recorder.marks[None]
        batches.update(everybody)
        for at in range(end - start):
            own.update(recorder.marks.get(at, ()))
            way = (*everybody, *recorder.marks.get(at, ()))
            singles.path[start + at] = known.setdefault(way, len(known))
            caught = [*recorder.caught.get(None, ()), *recorder.caught.get(at, ())]
            if caught:
                singles.caught[start + at] = caught
    singles.paths = list(known)
    return Told(singles, _lines(job.traced, batches, own))


def _lines(traced: Traced, shared: set[int], own: set[int]) -> list[int]:
    def lines(ids: set[int]) -> set[int]:
        probes = [traced.probes[id] for id in ids]
        also = [traced.probes[probe.also] for probe in probes if probe.also is not None]
        return {probe.line for probe in [*probes, *also] if probe.file == traced.path}

    return sorted(lines(shared) - lines(own))


class Differs(Exception):
    """The traced call of the batch gave other scores."""
