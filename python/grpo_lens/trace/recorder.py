"""What the rewritten text calls while it runs."""

from __future__ import annotations

import collections
import re
import sys
from dataclasses import dataclass, replace
from typing import Any

from .probes import CAUGHT, ENTER, FRAME, MARK, MATCH, VALUE, Probe
from .show import show
from .turns import Turn

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


class Shares:
    """Marks of a call of a whole batch, by the sample whose turn it was; those of nobody's turn are the batch's."""

    def __init__(self) -> None:
        self.turn = Turn(self._ended)
        self.begin()
        self.names = {MARK: self._mark, CAUGHT: self._caught, **self.turn.names}

    def begin(self) -> None:
        self.turn.begin()
        self._open: list[int] = []
        self.marks: dict[Any, list[int]] = {None: []}
        self.caught: dict[Any, list[Caught]] = {}

    def end(self) -> None:
        self._ended(self.turn.sample)

    def _ended(self, sample: Any) -> None:
        if self._open:
            self.marks.setdefault(sample, []).extend(self._open)
            self._open = []

    def _mark(self, id: int) -> None:
        marks = self._open if self.turn.here else self.marks[None]
        if len(marks) < _MOST_MARKS:
            marks.append(id)

    def _caught(self, id: int) -> None:
        self._mark(id)
        self.caught.setdefault(self.turn.sample if self.turn.here else None, []).append(caught(id))


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
    shared: bool = False
    """Of a call of a whole batch: it was no single sample's turn."""


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
        self.probes: list[Probe] = []
        """Of the text, once that is rewritten."""
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


class OwnValues(Values):
    """Of a call of a whole batch, the events of one sample's turns and of nobody's."""

    def __init__(self, own: int) -> None:
        super().__init__()
        self._own = own
        self._known: set[int] = set()
        self.turn = Turn(lambda _: None)
        self.names = {**self.names, **self.turn.names}

    def begin(self) -> None:
        self.turn.begin()
        self.events.clear()
        self._known.clear()
        self.dropped = self._frames = 0

    def _whose(self) -> int | None:
        return self.turn.sample if self.turn.here else None

    def _mine(self, frame: int, id: int) -> bool:
        """The reward's own return is everybody's, also out of the midst of a loop."""
        return frame in self._known and (
            self._whose() in (None, self._own) or frame == 1 and self.probes[id].kind == "return"
        )

    def _put(self, event: Happening) -> None:
        if self._mine(event.frame, event.probe):
            super()._put(replace(event, shared=self._whose() is None))

    def _value(self, frame: int, id: int, value: Any) -> Any:
        if self._mine(frame, id):
            self._put(Happening(frame, id, show(value), _truth(value)))
        return value

    def _enter(self, id: int, given: tuple) -> int:
        if self._whose() in (None, self._own):
            self._known.add(self._frames + 1)
        return super()._enter(id, given)


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
