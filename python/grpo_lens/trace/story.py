"""A fully traced call, put in order: frames with their events, and where in the text each belongs."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from typing import Any

from ..cells import parse
from .probes import Probe
from .recorder import Happening

_SHOWN = 100
_VALUES = ("expr", "test", "operand", "element", "append", "return", "store")
_functions = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)


class Source:
    """A text with its tree: parents, and nodes by their place."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tree = parse(text)
        self.parent: dict[ast.AST, ast.AST] = {}
        self._by_place: dict[tuple, list[ast.AST]] = {}
        for node in ast.walk(self.tree):
            for child in ast.iter_child_nodes(node):
                self.parent[child] = node
            if hasattr(node, "lineno"):
                self._by_place.setdefault(range_of(node), []).append(node)
        self._lines = text.splitlines()

    def node(self, place: tuple, kind: Any = ast.AST) -> Any:
        return next((node for node in self._by_place.get(place, []) if isinstance(node, kind)), None)

    def words(self, node: Any) -> str:
        """Its text on one line, shortened."""
        if node.lineno == node.end_lineno and self._lines[node.lineno - 1].isascii():
            text = self._lines[node.lineno - 1][node.col_offset : node.end_col_offset]
        else:
            text = " ".join((ast.get_source_segment(self.text, node) or "").split())
        return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"

    def statement(self, node: Any) -> Any:
        while node is not None and not isinstance(node, ast.stmt):
            node = self.parent.get(node)
        return node

    def function(self, node: Any) -> Any:
        while node is not None and not isinstance(node, _functions):
            node = self.parent.get(node)
        return node


@dataclass
class Frame:
    id: int
    function: str
    file: str
    line: int
    place: tuple
    entered: int
    parent: int
    arguments: dict[str, str]
    events: list[int] = field(default_factory=list)


@dataclass(frozen=True)
class Place:
    """Of a sample in a call of its whole batch."""

    at: int
    size: int
    value: str | None
    """What the call gave for it; None where it raised."""


class Story:
    def __init__(
        self, events: list[Happening], probes: list[Probe], sources: dict[str, Source], whole: Place | None = None
    ) -> None:
        self.events, self.probes, self.sources, self.whole = events, probes, sources, whole
        self.frames: dict[int, Frame] = {}
        self._order()

    def _order(self) -> None:
        open: list[int] = []
        for at, event in enumerate(self.events):
            probe = self.probes[event.probe]
            if probe.kind == "enter":
                given = dict(zip(probe.names, event.more or ()))
                parent = open[-1] if open else 0
                place = (probe.function, probe.file, probe.line, probe.range)
                self.frames[event.frame] = Frame(event.frame, *place, at, parent, given)
                open.append(event.frame)
            elif event.frame in self.frames:
                while event.frame in open and open[-1] != event.frame:
                    open.pop()
                self.frames[event.frame].events.append(at)

    def source(self, frame: int) -> Source:
        return self.sources[self.frames[frame].file]

    def probe(self, at: int) -> Probe:
        return self.probes[self.events[at].probe]

    def last(self, frame: int, before: int, kinds: tuple[str, ...], place: tuple | None = None) -> int | None:
        """The last event of these kinds in a frame, before another event."""
        for at in reversed(self.frames[frame].events):
            if at < before:
                probe = self.probe(at)
                if probe.kind in kinds and (place is None or probe.range == place):
                    return at
        return None

    def own(self, at: int, kind: str) -> int:
        """The event of this place that made the sample's element, where one was made for each of the batch."""
        if self.whole is None or not self.events[at].shared:
            return at
        event, place = self.events[at], self.probe(at).range
        same = [
            one
            for one in self.frames[event.frame].events
            if one <= at and self.probe(one).kind == kind and self.probe(one).range == place
        ]
        return same[self.whole.at] if len(same) == self.whole.size else at

    def value(self, frame: int, node: Any, before: int) -> tuple[int | None, str | None]:
        """(event, value) of an expression, as it was last before another event."""
        at = self.last(frame, before, _VALUES, range_of(node))
        return (None, None) if at is None else (at, self.events[at].text)

    def stores(self, frame: int, name: str, before: int) -> list[int]:
        """Events that set a name, oldest first."""
        events = (at for at in self.frames[frame].events if at < before)
        return [at for at in events if self.probe(at).kind == "store" and self.probe(at).names == (name,)]

    def called(self, frame: int, name: str | None, before: int) -> Frame | None:
        """The frame that a call of this name made, last before an event."""
        inner = [one for one in self.frames.values() if one.parent == frame and one.entered < before]
        named = [one for one in inner if one.function in (name, "__call__", "__init__", "forward")]
        return (named or [None])[-1] if name is not None else (inner or [None])[-1]

    def exceptions(self, frame: int, before: int) -> list[int]:
        return [at for at in self.frames[frame].events if at < before and self.probe(at).kind in ("except", "leaves")]


def range_of(node: Any) -> tuple[int, int, int, int]:
    return node.lineno, node.col_offset, node.end_lineno or node.lineno, node.end_col_offset or 0
