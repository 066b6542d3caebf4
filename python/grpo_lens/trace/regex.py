"""What a regular expression matched on a text; where it did not, how far it came and why it stopped there."""

from __future__ import annotations

import re
import warnings
from dataclasses import dataclass
from typing import Any, Callable

from .pattern import Element, alternatives, inside
from .recorder import Matching

_FLAGS = ("IGNORECASE", "MULTILINE", "DOTALL", "VERBOSE", "ASCII")
_SHOWN = 24


@dataclass(frozen=True)
class Stop:
    matched: str
    """The longest beginning of the pattern that matches."""
    at: int
    """Where in the text it ended."""
    before: Element | None
    """The last element that matched."""
    rest: tuple[Element, ...]
    """The elements that came next."""


def analysed(asked: Matching) -> dict:
    """A regex call of the wire; offsets count UTF-16 units, as the editor does."""
    flags = [name for name in _FLAGS if asked.flags & getattr(re, name)]
    found = {"pattern": asked.pattern, "flags": flags, "method": asked.method, "found": asked.found}
    found["spans"] = [[units(asked.text, at) for at in span] for span in asked.spans if span[0] >= 0]
    found["text"] = asked.text[:2_000]
    if asked.found:
        return found
    try:
        # What Python says of a beginning of the pattern would stand among what the reward prints.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            stop = _stopped(asked)
    except (ValueError, re.error, RecursionError):
        return found
    return found if stop is None else {**found, "stop": {**stop, "at": units(asked.text, stop["at"])}}


def _stopped(asked: Matching) -> dict | None:
    elsewhere = _elsewhere(asked)
    if elsewhere is not None:
        return elsewhere
    if asked.flags & re.VERBOSE:
        return None
    test = _tester(asked)
    stops = [_furthest(test, elements, "") for elements in alternatives(asked.pattern)]
    stop = max(stops, key=lambda one: (one.at, len(one.matched)))
    reason, fix = _reason(asked, stop)
    told = {"matched": stop.matched, "at": stop.at, "reason": reason}
    return {**told, "fix": fix} if fix else told


def _elsewhere(asked: Matching) -> dict | None:
    """`match` and `fullmatch` ask for more than the pattern says: its place, and nothing left over."""
    if asked.method not in ("match", "fullmatch"):
        return None
    pattern = re.compile(asked.pattern, asked.flags)
    begins = pattern.match(asked.text)
    if begins is None:
        later = pattern.search(asked.text)
        if later is None:
            return None
        why = f"it occurs at {later.start()}, but re.{asked.method} begins at 0, where {_shown(asked.text, 0)} stands"
        return {"matched": "", "at": 0, "reason": why, "fix": "search"}
    end = begins.end()
    last = alternatives(asked.pattern)[-1][-1:] if not asked.flags & re.VERBOSE else []
    if last and last[0].atom == "." and asked.text[end : end + 1] == "\n":
        return {"matched": asked.pattern, "at": end, "reason": _newline(end), "fix": "DOTALL"}
    why = f"it matches up to {end}, but re.fullmatch asks for the whole text: {_shown(asked.text, end)} is left"
    fix = {"fix": "strip"} if not asked.text[end:].strip() else {}
    return {"matched": asked.pattern, "at": end, "reason": why, **fix}


def _tester(asked: Matching) -> Callable[[str], Any]:
    """Matches a beginning of the pattern as the call would have; None too where it is no pattern by itself."""

    def test(beginning: str) -> Any:
        try:
            pattern = re.compile(beginning, asked.flags)
        except re.error:
            return None
        return (pattern.match if asked.method in ("match", "fullmatch") else pattern.search)(asked.text)

    return test


def _furthest(test: Callable[[str], Any], elements: list[Element], before: str, closing: str = "") -> Stop:
    """The longest matching beginning; it goes into the group that it stops at."""
    low, high = 0, len(elements)
    while low < high:
        middle = (low + high + 1) // 2
        beginning = before + "".join(element.text for element in elements[:middle]) + closing
        low, high = (middle, high) if test(beginning) else (low, middle - 1)
    matched = before + "".join(element.text for element in elements[:low])
    found = test(matched + closing)
    at = found.end() if found else 0
    stop = Stop(matched, at, _innermost(elements[low - 1]) if low else None, tuple(elements[low:]))
    group = inside(elements[low]) if low < len(elements) else None
    if group is None or closing.count(")") > 4:
        return stop
    opening, inner = group
    deeper = [_furthest(test, one, matched + opening, ")" + closing) for one in alternatives(inner)]
    best = max(deeper, key=lambda one: (one.at, len(one.matched)))
    return best if best.at > stop.at or best.rest and len(best.matched) > len(matched + opening) else stop


def _innermost(element: Element) -> Element:
    """The last element of a group that only groups: `.*?` of `(.*?)`."""
    group = inside(element)
    parts = alternatives(group[1]) if group is not None and not element.quantifier else []
    return _innermost(parts[0][-1]) if len(parts) == 1 and parts[0] else element


def _reason(asked: Matching, stop: Stop) -> tuple[str, str | None]:
    text, at = asked.text, stop.at
    expected = _literals(stop.rest)
    here = _shown(text, at)
    if not stop.rest:
        return f"it stopped at {at}, before {here}", None
    if expected and text[at : at + len(expected)].lower() == expected.lower() != text[at : at + len(expected)]:
        return _other_case(text, at, expected)
    if stop.before is not None and stop.before.varies and expected:
        return _after_varying(asked, stop, expected)
    wanted = stop.rest[0].text
    if wanted in ("$", "\\Z"):
        return f"the text does not end at {at}: {here} follows", None
    folded = text.lower().find(expected.lower()) if expected and asked.method not in ("match", "fullmatch") else -1
    if not stop.matched and folded >= 0:
        return _other_case(text, folded, expected)
    if not stop.matched:
        return f"`{expected or wanted}` does not occur in the text", None
    return f"`{expected or wanted}` was expected at {at}, where {here} stands", None


def _after_varying(asked: Matching, stop: Stop, expected: str) -> tuple[str, str | None]:
    """After `.*` and the like the next literal may stand anywhere: it is missing, or cannot be reached."""
    text, at = asked.text, stop.at
    place = text.find(expected, at)
    if place < 0:
        folded = text.lower().find(expected.lower(), at)
        if folded >= 0:
            return _other_case(text, folded, expected)
        return f"there is no `{expected}` after {at}", None
    atom = stop.before.atom if stop.before else "."
    for offset in range(at, place):
        if not re.fullmatch(atom, text[offset], asked.flags):
            if text[offset] == "\n" and atom == ".":
                return _newline(offset), "DOTALL"
            return f"`{atom}` does not match {text[offset]!r} at {offset}", None
    return f"`{expected}` stands at {place}, but what the pattern wants after it does not follow", None


def _other_case(text: str, at: int, expected: str) -> tuple[str, str]:
    return f"`{expected}` is written {text[at : at + len(expected)]!r} at {at}: IGNORECASE", "IGNORECASE"


def _newline(at: int) -> str:
    return f"`.` does not match the newline at {at}: DOTALL"


def _literals(elements: tuple[Element, ...]) -> str:
    run = []
    for element in elements:
        if element.literal is None:
            break
        run.append(element.literal)
    return "".join(run)


def _shown(text: str, at: int) -> str:
    rest = text[at : at + _SHOWN]
    return "the end" if not rest else repr(rest) + ("…" if len(text) > at + _SHOWN else "")


def units(text: str, at: int) -> int:
    """The same place in UTF-16 units; -1 stays -1."""
    return at if at <= 0 or text.isascii() else len(text[:at].encode("utf-16-le", "surrogatepass")) // 2
