"""A regular expression's text, cut into its elements."""

from __future__ import annotations

import re
from dataclasses import dataclass

_QUANTIFIER = re.compile(r"(?:[*+?]|\{\d*,?\d*\})[?+]?")
_ESCAPE = re.compile(
    r"\\(?:x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|N\{[^}]*\}|[0-7]{1,3}|[1-9]\d?|.)", re.DOTALL
)
_OPENING = re.compile(r"\((?:\?(?:P<\w+>|[aiLmsux]*-?[imsx]*:|:|=|!|<=|<!|>))?")
_GLOBAL_FLAGS = re.compile(r"\(\?[aiLmsux]+\)")


@dataclass(frozen=True)
class Element:
    atom: str
    quantifier: str = ""
    run: str | None = None
    """Of several plain characters taken as one: what they stand for."""

    @property
    def text(self) -> str:
        return self.atom + self.quantifier

    @property
    def literal(self) -> str | None:
        """The character it stands for, if it stands for one."""
        if self.quantifier or self.run is not None:
            return self.run
        if len(self.atom) == 1:
            return self.atom if self.atom not in ".^$" else None
        if len(self.atom) == 2 and self.atom[0] == "\\":
            escaped = {"n": "\n", "t": "\t", "r": "\r"}.get(self.atom[1])
            return escaped or (self.atom[1] if not self.atom[1].isalnum() else None)
        return None

    @property
    def varies(self) -> bool:
        return self.quantifier[:1] in ("*", "+", "{")


def alternatives(pattern: str) -> list[list[Element]]:
    """The elements of each alternative, plain words as one. Errors: ValueError where it is not understood."""
    return [_words(elements) for elements in _single(pattern)]


def _words(elements: list[Element]) -> list[Element]:
    found: list[Element] = []
    for element in elements:
        last = found[-1] if found else None
        if (
            last is not None
            and last.literal not in (None, "")
            and element.literal is not None
            and last.literal[-1] != ">"
        ):
            found[-1] = Element(last.atom + element.atom, "", last.literal + element.literal)
        else:
            found.append(element)
    return found


def _single(pattern: str) -> list[list[Element]]:
    found: list[list[Element]] = [[]]
    at = 0
    while at < len(pattern):
        if pattern[at] == "|":
            found.append([])
            at += 1
            continue
        end = _atom_end(pattern, at)
        quantifier = _QUANTIFIER.match(pattern, end)
        counted = quantifier is not None and quantifier.group() not in ("{}", "{,}")
        stop = quantifier.end() if quantifier is not None and counted else end
        found[-1].append(Element(pattern[at:end], pattern[end:stop]))
        at = stop
    return found


def inside(element: Element) -> tuple[str, str] | None:
    """(opening, inner text) of a group; None for what is no group that can be entered."""
    opening = _OPENING.match(element.atom)
    if opening is None or not element.atom.endswith(")") or opening.group() in ("(?=", "(?!", "(?<=", "(?<!"):
        return None
    return opening.group(), element.atom[opening.end() : -1]


def _atom_end(pattern: str, at: int) -> int:
    first = pattern[at]
    if first == "\\":
        escape = _ESCAPE.match(pattern, at)
        return escape.end() if escape else len(pattern)
    if first == "[":
        return _class_end(pattern, at)
    if first == "(":
        flags = _GLOBAL_FLAGS.match(pattern, at)
        return flags.end() if flags else _group_end(pattern, at)
    if first in "*+?)":
        raise ValueError(f"{first!r} is not understood at {at}")
    return at + 1


def _class_end(pattern: str, at: int) -> int:
    end = at + 1
    if pattern[end : end + 1] == "^":
        end += 1
    if pattern[end : end + 1] == "]":
        end += 1
    while end < len(pattern) and pattern[end] != "]":
        end += 2 if pattern[end] == "\\" else 1
    return end + 1


def _group_end(pattern: str, at: int) -> int:
    depth, end = 0, at
    while end < len(pattern):
        char = pattern[end]
        if char == "\\":
            end += 2
        elif char == "[":
            end = _class_end(pattern, end)
        else:
            depth += (char == "(") - (char == ")")
            end += 1
            if depth == 0:
                return end
    raise ValueError("a group is not closed")
