"""A traceback in the form whose places VS Code turns into links: `Cell In[3], line 2` and `File /x.py:12`."""

from __future__ import annotations

import linecache
import re
import traceback

_CELL = re.compile(r"^<cell In\[(\d+)\]>$")
_AROUND = 2
_MOST = 20


def cell_name(count: int) -> str:
    """The file name under which a cell is compiled."""
    return f"<cell In[{count}]>"


def told(error: BaseException) -> dict[str, str]:
    """Name, message and the whole text, without frames of ours."""
    name = type(error).__name__
    try:
        message = str(error)
    except Exception:
        message = "(its message cannot be shown)"
    return {"name": name, "message": message[:4_000], "stack": "\n".join(_chain(error))[:200_000]}


def _chain(error: BaseException, seen: frozenset[int] = frozenset()) -> list[str]:
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    lines = []
    if cause is not None and id(cause) not in seen:
        word = "This was the direct cause of:" if error.__cause__ else "While this was handled, another was raised:"
        lines = [*_chain(cause, seen | {id(error)}), "", word, ""]
    frames = _of_the_user(traceback.extract_tb(error.__traceback__))
    if len(frames) > _MOST:
        left = f"… {len(frames) - _MOST:,} frames are left out …"
        shown = [*map(_frame, frames[: _MOST // 2]), left, *map(_frame, frames[-_MOST // 2 :])]
    else:
        shown = [_frame(frame) for frame in frames]
    return [*lines, *shown, *_syntax(error), *_last(error)]


def _of_the_user(frames: list[traceback.FrameSummary]) -> list[traceback.FrameSummary]:
    """From the first cell on: what stands before is ours."""
    first = next((at for at, frame in enumerate(frames) if _CELL.match(frame.filename)), len(frames))
    return frames[first:]


def _frame(frame: traceback.FrameSummary) -> str:
    line = frame.lineno or 0
    return "\n".join([_place(frame.filename, line, frame.name), *_source(frame.filename, line)])


def _place(file: str, line: int, name: str) -> str:
    cell = _CELL.match(file)
    where = "" if name == "<module>" else f", in {name}"
    return f"Cell In[{cell[1]}], line {line}{where}" if cell else f"File {file}:{line}{where}"


def _source(file: str, line: int) -> list[str]:
    shown = []
    for number in range(max(1, line - _AROUND), line + _AROUND + 1):
        text = linecache.getline(file, number)
        if text:
            mark = f"----> {number}" if number == line else f"      {number}"
            shown.append(f"{mark} {text.rstrip()}"[:300])
    return shown


def _syntax(error: BaseException) -> list[str]:
    if not isinstance(error, SyntaxError) or error.filename is None:
        return []
    return [_place(error.filename, error.lineno or 1, "<module>"), *_source(error.filename, error.lineno or 1)]


def _last(error: BaseException) -> list[str]:
    if isinstance(error, SyntaxError):
        return [f"{type(error).__name__}: {error.msg}"]
    try:
        return [line.rstrip("\n") for line in traceback.format_exception_only(type(error), error)]
    except Exception:
        return [type(error).__name__]
