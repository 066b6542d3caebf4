"""One sample explained: its values line by line, the cause of its score, and what its regexes matched."""

from __future__ import annotations

import copy
from typing import Any

from ..authority import Around, within_limits
from ..limits import SAMPLE, Timeout
from ..load import line_of, load_module
from ..rows import Rows
from ..scores import listed
from ..scores import score as to_score
from .recorder import Matching, OwnValues, Values
from .regex import analysed, units
from .show import show
from .story import Place, Source, Story
from .traced import Traced
from .turns import batched
from .why import why

_TOLD = 4_000
_REGEXES = 20


def explain(args: dict, rows: Rows, around: Around) -> dict:
    """`Explained` of the wire. Errors: `Problem` if the file cannot be loaded."""
    score, error, story, dropped = told(args, rows, around, args["row"])
    with around.limits.around(args["timeout"], SAMPLE, args["row"]):
        regexes = _regexes(story, rows.texts[args["row"]])
    return {
        "row": args["row"],
        "score": score,
        **({"error": error} if error else {}),
        "frames": [_frame(frame) for frame in story.frames.values()],
        "events": [_event(story, at) for at in range(min(len(story.events), _TOLD))],
        "dropped": dropped + max(0, len(story.events) - _TOLD),
        "why": why(story),
        "regexes": regexes,
        **({"together": story.whole.size} if story.whole else {}),
    }


def told(args: dict, rows: Rows, around: Around, row: int) -> tuple[Any, dict | None, Story, int]:
    """(score, error, story, events dropped) of one sample, fully traced."""
    start, end = batch_of(args, row)
    whole = end - start > 1
    values = OwnValues(row - start) if whole else Values()
    traced = within_limits(args, around, lambda: Traced(args, values, whole=whole))
    values.probes = traced.probes
    loaded, error, value = traced.loaded, None, None
    target = batched(loaded.target, end - start, values) if whole else loaded.target
    call = loaded.framework.caller(target, rows.pick(list(range(start, end))), loaded.reward)
    values.events.clear()
    values.dropped = 0
    try:
        with around.prints.captured(), around.limits.around(args["timeout"], SAMPLE, row):
            value = listed(call(0, end - start), end - start)[row - start]
            score = to_score(value, loaded.framework.TOTAL)
    except BaseException as raised:
        score, error = "error", _error(raised, args)
    finally:
        traced.close()
    sources = {file: Source(text) for file, text in traced.sources.items()}
    place = Place(row - start, end - start, None if error else show(value)) if whole else None
    return score, error, Story(values.events, traced.probes, sources, place), values.dropped


def batch_of(args: dict, row: int) -> tuple[int, int]:
    """The rows that are called together to explain one: its batch where that was asked for, else itself."""
    return next(((start, end) for start, end in args.get("within", ()) if start <= row < end), (row, row + 1))


def prepare(args: dict, around: Around) -> dict:
    """A row of a data set before and after the function that prepares it, with the values on the way."""
    values = Values()
    traced = within_limits(args, around, lambda: Traced(args, values, load_module))
    values.events.clear()
    error, after = None, None
    try:
        with around.prints.captured(), around.limits.around(args["timeout"], SAMPLE, 0):
            after = _function(traced.loaded, args["function"])(copy.deepcopy(args["row"]))
    except BaseException as raised:
        error = _error(raised, args)
    finally:
        traced.close()
    story = Story(values.events, traced.probes, {file: Source(text) for file, text in traced.sources.items()})
    return {
        "after": _plain(after),
        **({"error": error} if error else {}),
        "frames": [_frame(frame) for frame in story.frames.values()],
        "events": [_event(story, at) for at in range(min(len(story.events), _TOLD))],
        "dropped": values.dropped + max(0, len(story.events) - _TOLD),
    }


def _function(module: Any, name: str) -> Any:
    owner, _, method = name.rpartition(".")
    return getattr(getattr(module, owner)(), method) if owner else getattr(module, name)


def _plain(value: Any) -> Any:
    """As JSON can hold it; what it cannot is shown as text."""
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    finite = not isinstance(value, float) or value - value == 0
    return value if value is None or isinstance(value, (str, int, float)) and finite else show(value)


def _error(raised: BaseException, args: dict) -> dict:
    message = f"it ran longer than {args['timeout']:g} s" if isinstance(raised, Timeout) else str(raised)[:400]
    line = line_of(raised, args["path"])
    return {"type": type(raised).__name__, "message": message, **({} if line is None else {"line": line})}


def _frame(frame: Any) -> dict:
    return {
        "id": frame.id,
        "function": frame.function,
        "file": frame.file,
        "line": frame.line,
        "parent": frame.parent,
        "arguments": frame.arguments,
    }


def _event(story: Story, at: int) -> dict:
    event, probe = story.events[at], story.probe(at)
    found = {"frame": event.frame, "kind": probe.kind, "statement": probe.statement, **_range(probe)}
    if probe.kind not in ("stmt", "iter", "enter", "branch", "case"):
        found["value"] = event.text
    if probe.names and probe.kind == "store":
        found["name"] = probe.names[0]
    truth = probe.out if probe.kind == "branch" else event.truth if probe.kind in ("test", "operand") else None
    if truth is not None:
        found["truth"] = truth
    if event.shared:
        found["shared"] = True
    if probe.kind in ("except", "leaves") and event.more is not None:
        found["raisedAt"] = event.more.line
    return found


def _range(probe: Any) -> dict:
    return {"line": probe.line, "col": probe.col, "endLine": probe.end_line, "endCol": probe.end_col}


def _regexes(story: Story, completion: str) -> list[dict]:
    found = []
    for at, event in enumerate(story.events):
        if isinstance(event.more, Matching) and len(found) < _REGEXES:
            probe = story.probe(at)
            inside = units(completion, completion.find(event.more.text))
            found.append({**_range(probe), "file": probe.file, "inCompletion": inside, **analysed(event.more)})
    return found
