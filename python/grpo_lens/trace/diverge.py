"""Why one sample scored otherwise than another of its group, and the smallest change of its text that was found to
make the difference."""

from __future__ import annotations

import difflib
import re
import time
from typing import Any, Callable

from ..authority import Around, within_limits
from ..limits import SAMPLE, Timeout
from ..load import load_asked
from ..rows import Rows
from ..scores import listed
from ..scores import score as to_score
from .explain import batch_of, told
from .regex import units
from .story import Story
from .why import why

_TOKENS = re.compile(r"</?\w+>|\w+|\s+|[^\w\s]")
_MOST_CALLS = 400
_SLOW = 0.005
_MOST_TOKENS = 20_000


def diverge(args: dict, rows: Rows, around: Around) -> dict:
    """`Divergence` of the wire: row `row` against row `other`."""
    row, other = args["row"], args["other"]
    first = told(args, rows, around, row)
    second = told(args, rows, around, other)
    mine, theirs = decisions(first[2]), decisions(second[2])
    return {
        "row": row,
        "other": other,
        "score": first[0],
        "otherScore": second[0],
        "tests": _differing(first[2], second[2]),
        "first": _first(mine, theirs),
        "samePath": mine == theirs,
        "values": _values(first[2], second[2]) if mine == theirs else [],
        **_change(args, rows, around),
    }


def decisions(story: Story) -> list[tuple]:
    """(function, line, column, outcome) of all branches and handlers, in order."""
    found = []
    for at, event in enumerate(story.events):
        probe = story.probe(at)
        if probe.kind == "branch":
            found.append((probe.function, probe.line, probe.col, probe.out))
        elif probe.kind in ("except", "leaves"):
            found.append((probe.function, probe.line, probe.col, event.text.split(":")[0]))
    return found


def _first(mine: list, theirs: list) -> dict | None:
    """The first difference of the two ways; it may be no more than the length of a loop."""
    for one, other in zip(mine, theirs):
        if one != other:
            return {"line": one[1], "otherLine": other[1]}
    rest = mine[len(theirs) :] or theirs[len(mine) :]
    return {"line": rest[0][1], "otherLine": rest[0][1]} if rest else None


def _differing(mine: Story, theirs: Story) -> list[dict]:
    """Tests on the causes of both scores whose outcomes differ."""
    ours, others = _tests(why(mine)), _tests(why(theirs))
    found = []
    for key, (outcome, value) in ours.items():
        if key in others and others[key][0] != outcome:
            function, line, test = key
            pair = {"outcome": outcome, "otherOutcome": others[key][0]}
            shown = {"value": value, "otherValue": others[key][1]}
            found.append({"function": function, "line": line, "test": test, **pair, **shown})
    return found


def _tests(cause: dict | None) -> dict[tuple, tuple]:
    found: dict[tuple, tuple] = {}
    for one in [cause] if cause is not None else []:
        for reason in one["because"]:
            key = (one["function"], reason["line"], reason["test"])
            operand = (reason.get("operand") or {}).get("value")
            found.setdefault(key, (reason["outcome"], reason.get("value") or operand))
        for below in one["from"]:
            for key, value in _tests(below).items():
                found.setdefault(key, value)
    return found


def _values(mine: Story, theirs: Story) -> list[dict]:
    """On the same way: the causes' values that differ, deepest first."""
    found = []
    for one, other in _pairs(why(mine), why(theirs)):
        if one["line"] == other["line"] and one["value"] != other["value"]:
            found.append(
                {"line": one["line"], "text": one["text"], "value": one["value"], "otherValue": other["value"]}
            )
    return found[::-1][:8]


def _pairs(one: dict | None, other: dict | None) -> Any:
    if one is None or other is None:
        return
    yield one, other
    for below in zip(one["from"], other["from"]):
        yield from _pairs(*below)


def _change(args: dict, rows: Rows, around: Around) -> dict:
    """`change`, or `noChange`: why there is none."""
    start, end = batch_of(args, args["row"])
    if end - start > 1:
        return {"noChange": "its score depends on the other samples of its batch"}
    if rows.get("completion") is None:
        return {"noChange": "the samples have no completions"}
    scored = _scorer(args, rows, around)
    texts = rows.texts
    mine, theirs = texts[args["row"]], texts[args["other"]]
    limits, row = around.limits, args["row"]
    try:
        with around.prints.captured(), limits.around(args["timeout"], SAMPLE, row):
            calls = [_timed(scored, text) for text in (theirs, mine, theirs)]
            target, base, again = (score for score, _ in calls)
            if target == base:
                return {"noChange": "both texts score the same with this sample's solution"}
            if again != target:
                return {"noChange": "the reward is not deterministic"}
            # The quickest of them: during the others another program may have had the processor.
            if min(seconds for _, seconds in calls) > _SLOW and not args.get("patient", False):
                return {"noChange": f"one call takes longer than {_SLOW * 1e3:g} ms"}
            return {"change": {**smallest(mine, theirs, lambda text: scored(text) == target), "score": target}}
    except (Timeout, Exception) as error:
        return {"noChange": f"looking for it ended with {type(error).__name__}"}


def _timed(scored: Callable[[str], Any], text: str) -> tuple:
    began = time.monotonic()
    return scored(text), time.monotonic() - began


def _scorer(args: dict, rows: Rows, around: Around) -> Callable[[str], Any]:
    """Scores any text with the other columns of the row, by plain calls."""
    loaded = within_limits(args, around, lambda: load_asked(args))
    framework, row = loaded.framework, rows.pick([args["row"]])

    def scored(text: str) -> Any:
        changed = row.with_text(text)
        try:
            returned = framework.caller(loaded.target, changed, loaded.reward)(0, 1)
            return to_score(listed(returned, 1)[0], framework.TOTAL)
        except Exception:
            return "error"

    return scored


def smallest(mine: str, theirs: str, good: Callable[[str], bool]) -> dict:
    """Delta debugging over the differing stretches of tokens: none of those that remain can be left out."""
    a, b = _TOKENS.findall(mine), _TOKENS.findall(theirs)
    if len(a) + len(b) > _MOST_TOKENS:
        raise ValueError("the texts are too long")
    pieces = difflib.SequenceMatcher(None, a, b, autojunk=False).get_opcodes()
    left = [at for at, piece in enumerate(pieces) if piece[0] != "equal"]
    calls = 0

    def applied(chosen: list) -> str:
        take = set(chosen)
        words = (b[c:d] if kind == "equal" or at in take else a[s:e] for at, (kind, s, e, c, d) in enumerate(pieces))
        return "".join(word for part in words for word in part)

    def enough(chosen: list) -> bool:
        nonlocal calls
        calls += 1
        return calls <= _MOST_CALLS and good(applied(chosen))

    left = _reduced(left, enough)
    hunks = [_hunk(pieces[at], a, b) for at in left]
    return {"hunks": hunks, "calls": calls, "text": applied(left), "whole": calls <= _MOST_CALLS}


def _reduced(left: list, enough: Callable[[list], bool]) -> list:
    """Zeller's ddmin; 1-minimal as far as the budget of calls goes."""
    parts = 2
    while len(left) >= 2:
        size = max(1, len(left) // parts)
        chunks = [left[at : at + size] for at in range(0, len(left), size)]
        alone = next((chunk for chunk in chunks if enough(chunk)), None)
        if alone is not None:
            left, parts = alone, 2
            continue
        without = ([one for one in left if one not in chunk] for chunk in chunks)
        rest = next((one for one in without if one and enough(one)), None)
        if rest is not None:
            left, parts = rest, max(parts - 1, 2)
        elif parts >= len(left):
            break
        else:
            parts = min(len(left), parts * 2)
    return left


def _hunk(piece: tuple, a: list, b: list) -> dict:
    _, start, end, other, other_end = piece
    before = "".join(a[:start])
    at = units(before, len(before))
    return {"at": at, "from": "".join(a[start:end]), "to": "".join(b[other:other_end])}
