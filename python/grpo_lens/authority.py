"""The authority call: one reward on the rows that the trainer passed together, and what came of it in honest words."""

from __future__ import annotations

from dataclasses import dataclass, field
from time import monotonic as now
from typing import Any, Callable

from . import stubs
from .limits import BATCH, LOADING, Limits, Timeout
from .load import Loaded, line_of, load_asked
from .prints import Prints
from .problem import Problem
from .rows import Rows
from .scores import Contract, components, listed
from .scores import score as to_score

_PART = 0.05
_ALONE = 200


@dataclass(frozen=True)
class Around:
    limits: Limits
    prints: Prints
    tell: Callable[[str, dict], None]
    cancelled: Callable[[], bool]


@dataclass
class Failures:
    """Distinct errors with the samples that raised them."""

    found: dict[tuple, list[int]] = field(default_factory=dict)

    def add(self, key: tuple, samples: Any) -> None:
        self.found.setdefault(key, []).extend(samples)

    def records(self) -> list[dict]:
        told = []
        for (type, message, line), samples in self.found.items():
            record = {"type": type, "message": message, "samples": samples}
            told.append(record if line is None else {**record, "line": line})
        return told


def score(args: dict, rows: Rows, around: Around) -> dict:
    """`Scored` of the wire; parts are told while it runs. Errors: `Problem` if the file cannot be loaded."""
    loaded = within_limits(args, around, lambda: load_asked(args))
    return scored(loaded, args, rows, around)[0]


def scored(loaded: Loaded, args: dict, rows: Rows, around: Around) -> tuple[dict, Run]:
    """`Scored` of a reward that is loaded already, and what it returned."""
    call = Call(loaded, rows, args, around)
    run = Run(args.get("run"), rows.size, around)
    for number, (start, end) in enumerate(args["batches"]):
        if around.cancelled():
            raise Problem("cancelled", "Cancelled.")
        run.put(start, call.batch(number, start, end), loaded.framework.TOTAL)
    run.flush()
    needed = (f"Training finds {name} only if {folder} is on PYTHONPATH." for name, folder in stubs.log.paths.items())
    notes = [*needed, *stubs.log.notes]
    answer = {
        "reward": loaded.reward.name,
        "scores": run.scores,
        "components": run.parts,
        "errors": call.failures.records(),
        "stubbed": sorted(name for name, how in stubs.log.stubbed.items() if how != "modelled"),
        **({"notes": notes} if notes else {}),
    }
    return _withhold(answer, args.get("approximate", False)), run


def within_limits(args: dict, around: Around, loading: Callable[[], Any]) -> Any:
    """Loading runs the user's code too, so that it is limited and its prints are kept."""
    try:
        with around.prints.captured(), around.limits.around(max(args["timeout"], 10), LOADING):
            return loading()
    except Timeout:
        raise Problem("timeout", f"Loading {args['path']} took too long; what it does at import must end.") from None


class Call:
    """Calls of one loaded reward under a time limit."""

    def __init__(self, loaded: Loaded, rows: Rows, args: dict, around: Around) -> None:
        self._loaded, self._around = loaded, around
        self._path, self._timeout = args["path"], args["timeout"]
        self._call = loaded.framework.caller(loaded.target, rows, loaded.reward)
        self.failures = Failures()

    def batch(self, number: int, start: int, end: int) -> list:
        """What the reward returned for each row of the batch; `error` for all of them if the batch raised."""
        returned, error = self._try(number, start, end)
        if error is None:
            return returned
        if error[0] in ("Contract", "Unavailable") or end - start == 1:
            self.failures.add(error, range(start, end))
        else:
            self._alone(error, number, start, end)
        word = "withheld" if error[0] == "Unavailable" else "error"
        return [Word(word)] * (end - start)

    def _alone(self, error: tuple, number: int, start: int, end: int) -> None:
        """Says which samples raise by themselves; the batch as a whole did, so its score remains an error."""
        told, until = False, now() + self._timeout
        for row in range(start, min(end, start + _ALONE)):
            if now() > until or self._around.cancelled():
                break
            _, own = self._try(number, row, row + 1)
            if own is not None:
                told = True
                self.failures.add(own, [row])
        if not told:
            self.failures.add(error, range(start, end))

    def _try(self, number: int, start: int, end: int) -> tuple[list, tuple | None]:
        loaded, around = self._loaded, self._around
        try:
            with around.prints.captured(), around.limits.around(self._timeout, BATCH, number):
                returned = listed(self._call(start, end), end - start)
                for value in returned:
                    to_score(value, loaded.framework.TOTAL)
            if around.limits.timed_out:
                return [], ("Timeout", f"it ran longer than {self._timeout:g} s", None)
            return returned, None
        except Problem:
            raise
        except Timeout as error:
            return [], ("Timeout", f"it ran longer than {self._timeout:g} s", line_of(error, self._path))
        except Contract as error:
            return [], ("Contract", str(error), loaded.reward.line)
        except BaseException as error:
            return [], (type(error).__name__, str(error)[:400], line_of(error, self._path))


class Word(str):
    """A score that is no number, already in the words of the wire."""


class Run:
    """Scores as they come; the parts since the last telling are told at most every 50 ms."""

    def __init__(self, id: Any, size: int, around: Around) -> None:
        self.scores: list = ["unknown"] * size
        self.raw: list = [None] * size
        self.raised: set[int] = set()
        self.parts: dict[str, list] = {}
        self._id, self._around = id, around
        self._told, self._waiting = now(), []

    def put(self, start: int, values: list, total: str | None) -> None:
        scores = [value if isinstance(value, Word) else to_score(value, total) for value in values]
        self.scores[start : start + len(scores)] = scores
        self.raw[start : start + len(values)] = values
        self.raised.update(start + at for at, value in enumerate(values) if isinstance(value, Word))
        for name, part in components(values, total).items():
            column = self.parts.setdefault(name, ["unknown"] * len(self.scores))
            column[start : start + len(part)] = part
        self._waiting.append((start, len(scores)))
        if self._id is not None and now() - self._told > _PART:
            self.flush()

    def flush(self) -> None:
        """Tells what was not told yet."""
        if self._id is None or not self._waiting:
            return
        for start, size in _joined(self._waiting):
            self._around.tell("part", {"run": self._id, "from": start, "scores": self.scores[start : start + size]})
        self._told, self._waiting = now(), []


def _joined(pieces: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Neighbouring pieces as one."""
    joined = [pieces[0]]
    for start, size in pieces[1:]:
        last, length = joined[-1]
        if start == last + length:
            joined[-1] = (last, length + size)
        else:
            joined.append((start, size))
    return joined


def _withhold(answer: dict, approximate: bool) -> dict:
    """No number stands where a verifier is missing and the reward hides it, or what only training knows was used."""
    if stubs.log.used:
        why = f"{stubs.log.used[0]}; training would give other numbers."
    elif stubs.log.missing and not approximate and set(answer["scores"]) != {"error"}:
        name, line = next(iter(stubs.log.missing.items()))
        why = f"{name} is missing here and line {line} hides it; training would give other numbers."
    else:
        return answer
    scores = [
        "withheld" if not isinstance(score, str) or score in ("none", "nan") else score for score in answer["scores"]
    ]
    return {**answer, "withheld": why, "scores": scores, "components": {}}
