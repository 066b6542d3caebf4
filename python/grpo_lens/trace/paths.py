"""One traced call for each sample: what it gave, which way it went, what was caught on it."""

from __future__ import annotations

from dataclasses import dataclass, field
from time import monotonic as now
from typing import Any, Callable

from ..limits import Limits, Timeout
from ..load import line_of
from ..problem import Problem
from ..rows import Rows
from ..scores import Contract, listed
from ..scores import score as to_score
from .recorder import Caught, Paths
from .traced import Traced

_PART = 0.05

Error = tuple  # (type, message, line or None)


@dataclass
class Singles:
    """By sample. A sample that was not run has the score `unknown` and no path."""

    scores: list
    raw: list
    path: list
    """Index into `paths`; -1: not run."""
    paths: list = field(default_factory=list)
    """Distinct sequences of probe ids."""
    errors: dict = field(default_factory=dict)
    caught: dict = field(default_factory=dict)
    """Sample → `Caught`s, where there are any."""
    truncated: list = field(default_factory=list)
    seconds: float = 0.0


@dataclass(frozen=True)
class Job:
    traced: Traced
    rows: Rows
    order: Any
    """Samples, those to be seen first in front."""
    timeout: float
    limits: Limits
    cancelled: Callable[[], bool]
    told: Callable[[list], None]
    """Given the samples that were scored since the last time, at most every 50 ms."""


def blank(size: int) -> Singles:
    return Singles(["unknown"] * size, [None] * size, [-1] * size)


def run(job: Job, singles: Singles) -> None:
    """Fills `singles`. Errors: `Problem` if it is cancelled."""
    loaded = job.traced.loaded
    recorder: Paths = job.traced.recorder
    marks, caught = recorder.marks, recorder.caught
    call = loaded.framework.caller(loaded.target, job.rows, loaded.reward)
    total = loaded.framework.TOTAL
    known: dict[tuple, int] = {}
    many = job.limits.many(job.timeout)
    began = last = now()
    waiting: list[int] = []
    try:
        for sample in job.order:
            marks.clear()
            if caught:
                caught.clear()
            try:
                many.enter(sample)
                try:
                    returned = call(sample, sample + 1)
                finally:
                    many.leave()
                value = returned[0] if type(returned) is list and len(returned) == 1 else listed(returned, 1)[0]
                singles.raw[sample] = value
                singles.scores[sample] = (
                    value if type(value) is float and value - value == 0 else to_score(value, total)
                )
            except BaseException as error:
                many.leave()
                singles.scores[sample] = "error"
                singles.errors[sample] = _told(error, job)
            if job.limits.timed_out and singles.scores[sample] != "error":
                singles.scores[sample], singles.errors[sample] = "error", _late(job, caught)
            way = tuple(marks)
            singles.path[sample] = known.setdefault(way, len(known))
            if caught:
                singles.caught[sample] = list(caught)
            if len(way) == marks.maxlen:
                singles.truncated.append(sample)
            waiting.append(sample)
            moment = now()
            if moment - last > _PART:
                if job.cancelled():
                    raise Problem("cancelled", "Cancelled.")
                job.told(waiting)
                waiting, last = [], moment
    finally:
        many.end()
    singles.paths = list(known)
    singles.seconds = now() - began


def _told(error: BaseException, job: Job) -> Error:
    line = line_of(error, job.traced.path)
    if isinstance(error, Timeout):
        return ("Timeout", f"it ran longer than {job.timeout:g} s", line)
    if isinstance(error, Contract):
        return ("Contract", str(error), job.traced.loaded.reward.line)
    return (type(error).__name__, str(error)[:400], line)


def _late(job: Job, caught: list[Caught]) -> Error:
    """The time was up; if the reward's own handler caught that, its place is where it was caught."""
    line = next((one.line for one in reversed(caught) if one.type == "Timeout"), None)
    return ("Timeout", f"it ran longer than {job.timeout:g} s", line)
