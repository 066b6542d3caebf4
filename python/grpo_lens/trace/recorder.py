"""What the rewritten text calls while it runs."""

from __future__ import annotations

import collections
import re
import sys
from dataclasses import dataclass
from typing import Any

from .probes import CAUGHT, ENTER, FRAME, MARK, MATCH, VALUE
from .show import show

_MOST_MARKS = 50_000
_MOST_EVENTS = 20_000


@dataclass(frozen=True)
class Caught:
    """An exception that reached a handler, or left a block that may end it."""

    probe: int
    type: str
    message: str
    line: int
    """Where it came from, innermost in the file that caught it."""
    file: str


class Paths:
    """Marks of one call, oldest first; the deque is bounded, so that an endless loop does not eat the memory."""

    def __init__(self) -> None:
        self.marks: collections.deque = collections.deque(maxlen=_MOST_MARKS)
        self.caught: list[Caught] = []
        self.names = {MARK: self.marks.append, CAUGHT: self._caught}

    def clear(self) -> None:
        self.marks.clear()
        self.caught.clear()

    def _caught(self, id: int) -> None:
        self.marks.append(id)
        if len(self.caught) < 1_000:
            self.caught.append(caught(id))


@dataclass(frozen=True)
class Happening:
    """One event of a fully traced call."""

    frame: int
    probe: int
    text: str = ""
    """The value as it was shown at the time; of `enter`, nothing."""
    truth: bool | None = None
    """Whether the value counts as true."""
    more: Any = None
    """Of `enter`, the arguments; of an exception, how it came; of a regex call, what was matched on what."""


@dataclass(frozen=True)
class Matching:
    pattern: str
    flags: int
    method: str
    text: str
    spans: tuple[tuple[int, int], ...]
    """Of the whole match and its groups; of `findall`, of each match."""
    found: bool


class Values:
    """Events of one call, up to a bound."""

    def __init__(self) -> None:
        self.events: list[Happening] = []
        self.dropped = 0
        self._frames = 0
        self.names = {
            MARK: self._mark,
            VALUE: self._value,
            CAUGHT: self._caught,
            ENTER: self._enter,
            MATCH: self._match,
            FRAME: 0,
        }

    def _put(self, event: Happening) -> None:
        if len(self.events) < _MOST_EVENTS:
            self.events.append(event)
        else:
            self.dropped += 1

    def _mark(self, id: int, frame: int) -> None:
        self._put(Happening(frame, id))

    def _value(self, frame: int, id: int, value: Any) -> Any:
        if len(self.events) < _MOST_EVENTS:
            self.events.append(Happening(frame, id, show(value), _truth(value)))
        else:
            self.dropped += 1
        return value

    def _caught(self, id: int, frame: int) -> None:
        how = caught(id)
        self._put(Happening(frame, id, f"{how.type}: {how.message}" if how.message else how.type, more=how))

    def _enter(self, id: int, given: tuple) -> int:
        self._frames += 1
        self._put(Happening(self._frames, id, more=tuple(show(value) for value in given)))
        return self._frames

    def _match(self, frame: int, id: int, function: Any, *args: Any, **named: Any) -> Any:
        result = function(*args, **named)
        self._put(Happening(frame, id, show(result), _truth(result), _matching(function, args, named, result)))
        return result


def caught(id: int) -> Caught:
    kind, error, trace = sys.exc_info()
    file = trace.tb_frame.f_code.co_filename if trace else ""
    line = 0
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == file:
            line = trace.tb_lineno
        trace = trace.tb_next
    return Caught(id, kind.__name__ if kind else "?", _message(error), line, file)


def _message(error: Any) -> str:
    try:
        return str(error)[:200]
    except Exception as second:
        return f"(its text raises {type(second).__name__})"


def _truth(value: Any) -> bool | None:
    kind = type(value)
    if kind in (bool, int, float, str, list, tuple, dict, set, frozenset) or value is None:
        return bool(value)
    return True if kind is re.Match else None


def _matching(function: Any, args: tuple, named: dict, result: Any) -> Matching | None:
    """What a regex function was asked; None for any other function of such a name."""
    owner = getattr(function, "__self__", None)
    if isinstance(owner, re.Pattern):
        pattern, rest = owner, args
    elif getattr(function, "__module__", None) in ("re", "regex") and args:
        first = args[0]
        flags = args[2] if len(args) > 2 else named.get("flags", 0)
        pattern, rest = first if isinstance(first, re.Pattern) else re.compile(first, flags), args[1:]
    else:
        return None
    text = rest[0] if rest else named.get("string")
    if not isinstance(text, str) or not isinstance(pattern.pattern, str):
        return None
    method = function.__name__
    return Matching(pattern.pattern, pattern.flags, method, text, *_spans(method, pattern, text, result))


def _spans(method: str, pattern: Any, text: str, result: Any) -> tuple[tuple, bool]:
    if isinstance(result, re.Match):
        return tuple(result.span(group) for group in range(min(pattern.groups, 8) + 1)), True
    if method == "findall" and result:
        return tuple(match.span() for _, match in zip(range(20), pattern.finditer(text))), True
    return (), method == "finditer"
