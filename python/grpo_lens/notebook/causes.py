"""Why some samples have their score: the reward's definitions once more, rewritten so that they report their values."""

from __future__ import annotations

import ast
import copy
import inspect
import json
import linecache
import time
from typing import Any

from ..rows import Rows
from ..trace.recorder import Values
from ..trace.statements import Statements, rewritten
from ..trace.story import Source, Story
from ..trace.why import why
from .source import Target, code_file

MOST = 6
_SLOW = 0.2
_SECONDS = 1.5
_MOST_SIZE = 100_000


def causes(target: Target, rows: Rows, scores: list, seconds: float) -> list[dict]:
    """`[{row, score, samples, why}]`: the first sample of each distinct score, errors first, then from the least score
    up. At most six, in 1.5 s and 100,000 characters; none for a reward that takes over 0.2 s a sample, and none where
    its definition cannot be told (a closure, a lambda, a partial)."""
    if not rows.size or target.file is None or seconds / rows.size > _SLOW:
        return []
    traced = _Traced(target)
    if traced.callable is None:
        return []
    told: list[dict] = []
    room, until = _MOST_SIZE, time.perf_counter() + _SECONDS
    for score, members in _distinct(scores)[:MOST]:
        cause = traced.why(rows.pick([members[0]]))
        room -= len(json.dumps(cause))
        if room < 0 or time.perf_counter() > until:
            break
        if cause is not None:
            told.append({"row": members[0], "score": score, "samples": len(members), "why": cause})
    return told


def _distinct(scores: list) -> list[tuple[Any, list[int]]]:
    found: dict[Any, list[int]] = {}
    for row, score in enumerate(scores):
        found.setdefault(score, []).append(row)
    words = [pair for pair in found.items() if isinstance(pair[0], str)]
    numbers = [pair for pair in found.items() if not isinstance(pair[0], str)]
    return [*sorted(words, key=lambda pair: pair[0] != "error"), *sorted(numbers, key=lambda pair: pair[0])]


class _Traced:
    """The reward in a copy of its namespace; what it changes in place it changes for real, as any call of it does."""

    def __init__(self, target: Target) -> None:
        self._target, self._values, self._probes = target, Values(), []
        self._sources: dict[str, Source] = {}
        self.callable: Any = None
        try:
            self.callable = self._made()
        except Exception:
            # Whatever keeps it from being defined a second time, such as a registry: there is no cause then.
            return

    def why(self, row: Rows) -> dict | None:
        self._values.events.clear()
        target = self._target
        try:
            target.framework.caller(self.callable, row, target.reward)(0, 1)
        except KeyboardInterrupt:
            raise
        except BaseException:
            # The cause of an error is the way to the line that raised it.
            pass
        story = Story(self._values.events, self._probes, self._sources)
        return why(story)

    def _made(self) -> Any:
        named = self._target.named
        names = dict(_namespace(named))
        before = names.get(named.__name__)
        if before is not named:
            return None
        names.update(self._values.names)
        for file, wanted in _files(names, self._target.file).items():
            self._define(file, wanted, names)
        again = names[named.__name__]
        if not inspect.isclass(named):
            return again
        if inspect.isclass(self._target.given):
            return self._target.framework.prepare(again, {})
        instance = copy.copy(self._target.given)
        instance.__class__ = again
        return instance

    def _define(self, file: str, wanted: set[str], names: dict) -> None:
        text = "".join(linecache.getlines(file))
        tree = ast.parse(text)
        tree.body = [node for node in tree.body if getattr(node, "name", None) in wanted]
        exec(rewritten(tree, Statements(file, True, self._probes)), names)
        self._sources[file] = Source(text)


def _namespace(named: Any) -> dict:
    if inspect.isfunction(named):
        return named.__globals__
    return next(member.__globals__ for member in vars(named).values() if inspect.isfunction(member))


def _files(names: dict, own: str | None) -> dict[str, set[str]]:
    """Definitions of the namespace by the file or cell that they stand in: all of the reward's own, and those of cells."""
    found: dict[str, set[str]] = {}
    for name, value in names.items():
        file = code_file(value)
        if file is not None and getattr(value, "__name__", None) == name and (file == own or _is_cell(file)):
            found.setdefault(file, set()).add(name)
    return found


def _is_cell(file: str) -> bool:
    return file.startswith("<cell ") or "ipykernel_" in file or file.startswith("<ipython-input")
