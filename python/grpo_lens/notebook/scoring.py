"""`score`: a reward on samples, called as its framework calls it, in this very process."""

from __future__ import annotations

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from ..problem import Problem
from ..rows import Rows
from ..scores import Contract, components, listed
from ..scores import score as to_score
from . import fallback
from .bundle import REWARDS, Output
from .causes import causes
from .samples import MOST_ROWS, Samples
from .showing import grouped, numbered
from .source import Target, target_of
from .table import PROMPTS, TEXTS, BadInput, columns_of, first_of, source_of, text_of

_ALONE = 200
_FIRST = 20


@dataclass(frozen=True)
class Batch:
    """Rows [start, end) that the trainer passed together."""

    start: int
    end: int


def score(
    reward: Any, samples: Any, *, group_size: int | None = None, groups: Any = None, limit: int = MOST_ROWS
) -> Output:
    """Scores of a reward: a function, a class, or `file.py:name`. `samples`: as `show` takes them, with the columns that
    the reward needs (`solution` …). Rows of one `step` are passed together, as a trainer does; without steps, all are.
    What it returns stands as it is: words for what is no number, `error` where it raised. Errors: `BadInput`, `Problem`.
    """
    columns = columns_of(samples)
    size = len(next(iter(columns.values()), []))
    found = grouped(groups, group_size, columns, size)
    return score_columns(target_of(reward), columns, groups=found, limit=limit, source=source_of(samples))


def score_columns(
    target: Target,
    given: dict[str, list],
    *,
    batches: list[Batch] | None = None,
    groups: list[int] | None = None,
    conversational: bool = False,
    limit: int = MOST_ROWS,
    source: dict | None = None,
    origins: list[int] | None = None,
) -> Output:
    """The same, of columns; `batches` cover every row once. `source`: as `source_of` gives it; `origins`: each row's
    row there, where it is another."""
    columns = named(given)
    rows = Rows(columns, conversational)
    began = time.perf_counter()
    scored = Scored(target, rows)
    for batch in batches if batches is not None else _batches(columns.get("step"), rows.size):
        scored.batch(batch.start, batch.end)
    seconds = time.perf_counter() - began
    told = Samples(
        texts=[text_of(text) for text in columns["completion"]],
        prompts=[text_of(prompt) for prompt in columns["prompt"]] if "prompt" in columns else None,
        scores={target.reward.name: scored.scores, **scored.parts},
        groups=groups,
        steps=numbered(columns.get("step")),
        advantages=None,
        origins=origins,
    ).output(limit)
    title = target.reward.name
    reward = {"name": title, **target.where}
    told_causes = [] if _needs_thread(target) else causes(target, rows, scored.scores, seconds)
    data = {"reward": reward, "seconds": seconds, "errors": scored.errors(), "causes": told_causes, "samples": told}
    data.update(source or {})
    notes = [_error_words(error) for error in data["errors"]]
    return Output(REWARDS, data, fallback.html(title, told, notes), fallback.plain(title, told, notes))


class Scored:
    """Scores as they come, and the distinct errors with the rows that raised them."""

    def __init__(self, target: Target, rows: Rows) -> None:
        self._target, self._size = target, rows.size
        self._call = target.framework.caller(target.callable, rows, target.reward)
        self.scores: list = ["unknown"] * rows.size
        self.parts: dict[str, list] = {}
        self._errors: dict[tuple, list[int]] = {}

    def batch(self, start: int, end: int) -> None:
        values, error = self._try(start, end)
        if error is None:
            self._put(start, values)
            return
        self.scores[start:end] = ["error"] * (end - start)
        alone = [] if end - start == 1 or error[0] == "Contract" else self._alone(start, end)
        for key, row in alone:
            self._errors.setdefault(key, []).append(row)
        if not alone:
            self._errors.setdefault(error, []).extend(range(start, end))

    def errors(self) -> list[dict]:
        told = []
        for (type, message, line), rows in self._errors.items():
            record = {"type": type, "message": message, "samples": len(rows), "first": rows[:_FIRST]}
            told.append(record if line is None else {**record, "line": line})
        return told

    def _put(self, start: int, values: list) -> None:
        total = self._target.framework.TOTAL
        self.scores[start : start + len(values)] = [to_score(value, total) for value in values]
        for name, part in components(values, total).items():
            column = self.parts.setdefault(f"{self._target.reward.name}.{name}", ["unknown"] * self._size)
            column[start : start + len(part)] = part

    def _alone(self, start: int, end: int) -> list[tuple[tuple, int]]:
        """Which rows raise by themselves; the batch as a whole did, so its score remains an error."""
        tried = ((row, self._try(row, row + 1)[1]) for row in range(start, min(end, start + _ALONE)))
        return [(error, row) for row, error in tried if error is not None]

    def _called(self, start: int, end: int) -> Any:
        """In a thread of its own where this one already runs an event loop, as Jupyter's does, and the reward needs one."""
        if not _needs_thread(self._target):
            return self._call(start, end)
        with ThreadPoolExecutor(1) as pool:
            return pool.submit(self._call, start, end).result()

    def _try(self, start: int, end: int) -> tuple[list, tuple | None]:
        target = self._target
        try:
            values = listed(self._called(start, end), end - start)
            for value in values:
                to_score(value, target.framework.TOTAL)
            return values, None
        except (Problem, KeyboardInterrupt):
            raise
        except Contract as error:
            return [], ("Contract", str(error), target.line)
        except BaseException as error:
            return [], (type(error).__name__, str(error)[:400], target.line_of(error))


def _needs_thread(target: Target) -> bool:
    if not target.reward.is_async:
        return False
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


def named(given: dict[str, list]) -> dict[str, list]:
    """The columns under the names that rewards know: `prompt`, `completion`, and all others as they are. Errors: `BadInput`."""
    columns = dict(given)
    for own, names in (("completion", TEXTS), ("prompt", PROMPTS)):
        found = first_of(columns, names)
        if found is not None:
            columns[own] = columns.pop(found)
    if "completion" not in columns:
        raise BadInput(
            f"None of the columns {', '.join(columns)} holds completions; one is expected under: {', '.join(TEXTS)}."
        )
    return columns


def _batches(steps: list | None, size: int) -> list[Batch]:
    if steps is None:
        return [Batch(0, size)] if size else []
    starts = [row for row in range(size) if row == 0 or steps[row] != steps[row - 1]]
    return [Batch(start, end) for start, end in zip(starts, [*starts[1:], size])]


def _error_words(error: dict) -> str:
    line = f", line {error['line']}" if "line" in error else ""
    return f"{error['type']}: {error['message']}{line} ({error['samples']:,} samples)"
