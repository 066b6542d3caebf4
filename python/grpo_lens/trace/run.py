"""An edit's whole answer: every sample traced by itself, then the plain calls whose numbers are the ones shown."""

from __future__ import annotations

from time import monotonic as now
from typing import Any

from .. import stubs
from ..authority import Around, scored, within_limits
from ..contract import contract
from ..limits import CHECKING, Timeout
from ..load import load_asked
from ..rows import Rows
from . import paths
from .batches import Asked, Plain, caller, check
from .recorder import Paths, Shares
from .shared import DEPENDENT, Whole, whole
from .summary import summary
from .traced import Traced

_SLOW = 1.0


def run(args: dict, rows: Rows, around: Around) -> dict:
    """`RunAnswer` of the wire. Errors: `Problem` if the file cannot be loaded, or it was cancelled."""
    began = now()
    traced, singles = _traced(args, rows, around)
    shown = summary(singles, singles.scores, traced.probes, args["path"])
    if args.get("run") is not None and not (stubs.log.used or stubs.log.missing):
        around.tell("traced", {"run": args["run"], "scores": singles.scores, **shown})
    between = now()
    loaded = within_limits(args, around, lambda: load_asked(args))
    called = now()
    answer, authority = scored(loaded, {**args, "run": None}, rows, around)
    seconds = now() - called
    if authority.scores != singles.scores:
        shown = summary(singles, authority.scores, traced.probes, args["path"])
    asked = Asked(args["batches"], args.get("groups"), authority.raw, singles.raw, seconds, authority.raised)
    kind = _checked(args, rows, around, (loaded, asked))
    if kind["kind"] in DEPENDENT and loaded.reward.shape == "batch":
        told = _whole(args, rows, around, (asked, authority.scores))
        kind = {**kind, "followed": told is not None}
        shown = told or shown
    return {
        **answer,
        **shown,
        "check": kind,
        "contract": contract(loaded, rows, answer, kind),
        "missing": sorted(stubs.log.missing),
        "ms": _milliseconds(began, between, now()),
    }


def _traced(args: dict, rows: Rows, around: Around) -> tuple[Traced, paths.Singles]:
    """The traced run; what is imported during the calls is rewritten too."""
    traced = within_limits(args, around, lambda: Traced(args, Paths()))
    first = [row for row in args.get("first", []) if row < rows.size]
    covered = [row for start, end in args["batches"] for row in range(start, end)] + args.get("alone", [])
    order = dict.fromkeys([*first, *covered]) if first else covered

    def told(samples: list) -> None:
        if args.get("run") is not None:
            for start, scores in _stretches(samples, singles_scores):
                around.tell("part", {"run": args["run"], "from": start, "scores": scores})

    job = paths.Job(traced, rows, order, args["timeout"], around.limits, around.cancelled, told)
    singles = paths.blank(rows.size)
    singles_scores = singles.scores
    try:
        with around.prints.captured():
            paths.run(job, singles)
    finally:
        traced.close()
    return traced, singles


def _stretches(samples: list, scores: list) -> list:
    """Neighbouring samples together: (first, their scores)."""
    found: list = []
    for sample in samples:
        if found and found[-1][0] + len(found[-1][1]) == sample:
            found[-1][1].append(scores[sample])
        else:
            found.append((sample, [scores[sample]]))
    return found


def _checked(args: dict, rows: Rows, around: Around, given: tuple) -> dict:
    loaded, asked = given
    if args.get("verify") is False:
        return {"kind": "unknown", "differs": 0, "why": "it was not asked for"}

    def fresh() -> Any:
        again = load_asked(args)
        return caller(again.framework, again.target, rows, again.reward)

    plain = Plain(caller(loaded.framework, loaded.target, rows, loaded.reward), fresh)
    try:
        with around.prints.captured(), around.limits.around(max(args["timeout"], 10), CHECKING):
            return check(plain, asked)
    except (Timeout, stubs.Unavailable, SystemExit) as error:
        return {"kind": "unknown", "differs": 0, "why": f"calling it again ended with {type(error).__name__}"}


def _whole(args: dict, rows: Rows, around: Around, given: tuple) -> dict | None:
    """Lines and ways of whole batches instead of those of samples alone; None where they cannot be followed."""
    asked, scores = given
    if asked.seconds > _SLOW:
        return None
    traced = within_limits(args, around, lambda: Traced(args, Shares(), whole=True))
    try:
        with around.prints.captured():
            job = Whole(traced, rows, args["batches"], max(args["timeout"], 10), around.limits)
            told = whole(job, asked.full, asked.raised)
    except (Exception, Timeout, stubs.Unavailable, SystemExit):
        return None
    finally:
        traced.close()
    return {**summary(told.singles, scores, traced.probes, args["path"]), "shared": told.lines}


def _milliseconds(began: float, between: float, end: float) -> dict:
    return {"traced": round((between - began) * 1e3, 1), "verified": round((end - began) * 1e3, 1)}
