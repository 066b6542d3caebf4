"""What all samples together say about the lines of a reward."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any, Iterable

from .paths import Singles
from .probes import Probe
from .recorder import Caught

_EXAMPLES = 5
_FATAL = (
    "MemoryError",
    "RecursionError",
    "Timeout",
    "Unavailable",
    "ModuleNotFoundError",
    "ImportError",
    "NameError",
)


@dataclass
class Tally:
    """How many samples came by, and the mean of those scores that are numbers."""

    hit: int = 0
    sum: float = 0.0
    numbers: int = 0

    def add(self, weight: int, sum: float, numbers: int) -> None:
        self.hit += weight
        self.sum += sum
        self.numbers += numbers

    @property
    def mean(self) -> Any:
        return self.sum / self.numbers if self.numbers else "unknown"


def summary(singles: Singles, scores: list, probes: list[Probe], path: str) -> dict:
    """Lines, branches, paths and swallowed exceptions, as the wire has them; `scores` are those that are shown."""
    weights = _weights(singles, scores)
    lines: dict[int, Tally] = defaultdict(Tally)
    branches: dict[tuple, dict[bool, Tally]] = {}
    for way, weight in zip(singles.paths, weights):
        for line in {line for id in set(way) for line in _lines(probes, id, path)}:
            lines[line].add(*weight)
        for id in set(way):
            probe = probes[id]
            if probe.kind == "branch" and probe.file == path:
                pair = branches.setdefault(probe.range, {True: Tally(), False: Tally()})
                pair[bool(probe.out)].add(*weight)
    return {
        "path": singles.path,
        "paths": [{"samples": w[0], "decides": _decides(way, probes, path)} for way, w in zip(singles.paths, weights)],
        "lines": [{"line": line, "hit": t.hit, "mean": t.mean} for line, t in sorted(lines.items())],
        "executable": sorted({p.line for p in probes if p.file == path and p.kind in ("stmt", "except", "enter")}),
        "branches": [_branch(place, pair) for place, pair in sorted(branches.items())],
        "swallowed": swallowed(singles, probes),
        "truncated": len(singles.truncated),
    }


def _weights(singles: Singles, scores: list) -> list[tuple[int, float, int]]:
    tallies = [[0, 0.0, 0] for _ in singles.paths]
    for sample, way in enumerate(singles.path):
        if way < 0:
            continue
        tally, score = tallies[way], scores[sample]
        tally[0] += 1
        if not isinstance(score, str):
            tally[1] += score
            tally[2] += 1
    return [(hit, sum, numbers) for hit, sum, numbers in tallies]


def _lines(probes: list[Probe], id: int, path: str) -> Iterable[int]:
    probe = probes[id]
    if probe.file != path:
        return
    if probe.kind in ("stmt", "except", "enter"):
        yield probe.line
    elif probe.kind in ("operand", "element", "lambda") or probe.extra.get("inline"):
        yield probe.line
    if probe.also is not None:
        yield probes[probe.also].line


def _decides(way: tuple, probes: list[Probe], path: str) -> int | None:
    """Line of the last return or append: where the score comes from."""
    for id in reversed(way):
        for one in (probes[id].also, id):
            if one is not None and probes[one].extra.get("decides") and probes[one].file == path:
                return probes[one].line
    return None


def _branch(place: tuple, pair: dict[bool, Tally]) -> dict:
    told = dict(zip(("line", "col", "endLine", "endCol"), place))
    yes, no = pair[True], pair[False]
    return {**told, "yes": yes.hit, "no": no.hit, "meanYes": yes.mean, "meanNo": no.mean}


def swallowed(singles: Singles, probes: list[Probe]) -> list[dict]:
    """Exceptions that the reward caught and did not raise again, grouped."""
    found: dict[tuple, dict] = {}
    for sample, caught in singles.caught.items():
        if sample in singles.errors:
            continue
        for one in {(c.probe, c.type, c.line): c for c in caught}.values():
            probe = probes[one.probe]
            if probe.extra.get("raises") or _seen_again(one, caught):
                continue
            key = (probe.line, probe.file, one.type, one.line)
            group = found.setdefault(key, _group(one, probe))
            group["count"] += 1
            if len(group["samples"]) < _EXAMPLES:
                group["samples"].append(sample)
    return sorted(found.values(), key=lambda group: (-group["count"], group["line"]))


def _seen_again(one: Caught, caught: list[Caught]) -> bool:
    """It left a `with` or `finally` and was then caught further out: told there."""
    at = next(at for at, other in enumerate(caught) if other is one or other == one)
    return any(other.type == one.type and other.line == one.line for other in caught[at + 1 : at + 2])


def _group(one: Caught, probe: Probe) -> dict:
    return {
        "line": probe.line,
        "type": one.type,
        "message": one.message,
        "raisedAt": one.line,
        "file": probe.file,
        "count": 0,
        "samples": [],
        "fatal": one.type in _FATAL,
    }
