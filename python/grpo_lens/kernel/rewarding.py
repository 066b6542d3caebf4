"""`%%reward` cells: define rewards, and show at once what they give on samples."""

from __future__ import annotations

import ast
import json
import os
from typing import Any, Iterator

from .. import find
from ..notebook.bundle import Output
from ..notebook.scoring import Batch, named, score_columns
from ..notebook.showing import grouped
from ..notebook.source import target_of
from ..notebook.table import GROUPS, BadInput, columns_of, first_of, source_of
from ..record import FORM, value_of
from .words import Given

MOST_SENT = 20_000_000


def reward_cell(body: str, line: str, names: dict, given: Given) -> Iterator[Output]:
    """The output of each reward of the cell, which has been run. Errors: `BadInput`, one sentence."""
    rewards = find.rewards(ast.parse(body))
    if not rewards:
        raise BadInput(
            "This cell defines no reward: a function with the parameter completions, or one of a trainer's forms."
        )
    sent = _sent(line, names, given)
    own = None if sent else _samples(line, names)
    columns = sent["columns"] if sent else columns_of(own)
    for reward in rewards:
        yield score_columns(
            target_of(names[reward.name]),
            columns,
            batches=[Batch(*pair) for pair in sent["batches"]] if sent else None,
            groups=sent["groups"] if sent else grouped(None, None, columns, len(next(iter(columns.values()), []))),
            conversational=bool(sent and sent["conversational"]),
            source=source_of(sent["path"] if sent else own),
            origins=sent["rows"] if sent else None,
        )


def own_samples(line: str, names: dict, given: Given, most: int) -> dict | None:
    """The first rows that a cell took from its own variables, as lines of docs/record-format.md: `{text, prompts, rows,
    total}`, where `prompts` are the lines of a data set of conversations, else empty. None where the editor sent them, or where they are gone. At most `most` rows and about 20 MB."""
    try:
        columns = None if _sent(line, names, given) else named(columns_of(_samples(line, names)))
    except BadInput:
        return None
    if columns is None:
        return None
    group = first_of(columns, GROUPS)
    lines, total, size = [], len(columns["completion"]), 0
    for row in range(min(total, most)):
        told = {name: _plain(values[row]) for name, values in columns.items()}
        if group is not None:
            told["group"] = str(told[group])
        lines.append(json.dumps({**told, "form": FORM, "scores": {}}, allow_nan=False) + "\n")
        size += len(lines[-1])
        if size > MOST_SENT:
            break
    return {"text": "".join(lines), "prompts": _conversations(columns), "rows": len(lines), "total": total}


def _conversations(columns: dict[str, list]) -> str:
    """That prompts were messages is told by a data set that holds them so; the record alone does not tell it."""
    prompts = columns.get("prompt") or [""]
    if not all(isinstance(prompt, list) for prompt in prompts):
        return ""
    return "".join(dict.fromkeys(json.dumps({"prompt": _plain(prompt)}) + "\n" for prompt in prompts))


def _sent(line: str, names: dict, given: Given) -> dict | None:
    return None if not line and "samples" in names else given.get(line)


def _plain(value: Any) -> Any:
    """As it is, where JSON can hold it whole."""
    try:
        json.dumps(value, allow_nan=False)
        return value
    except (TypeError, ValueError):
        return value_of(value)


def _samples(line: str, names: dict) -> Any:
    word = line or "samples"
    if word in names:
        return names[word]
    if os.path.isfile(word):
        return word
    hint = "Name a variable, a file of JSON lines or a run's folder behind %%reward, or set samples = [...] first."
    raise BadInput(f'There are no samples "{word}". {hint}')
