"""`%%reward` cells: define rewards, and show at once what they give on samples."""

from __future__ import annotations

import ast
import os
from typing import Any, Iterator

from .. import find
from ..notebook.bundle import Output
from ..notebook.scoring import Batch, score_columns
from ..notebook.showing import grouped
from ..notebook.source import target_of
from ..notebook.table import BadInput, columns_of
from .words import Given


def reward_cell(body: str, line: str, names: dict, given: Given) -> Iterator[Output]:
    """The output of each reward of the cell, which has been run. Errors: `BadInput`, one sentence."""
    rewards = find.rewards(ast.parse(body))
    if not rewards:
        raise BadInput(
            "This cell defines no reward: a function with the parameter completions, or one of a trainer's forms."
        )
    sent = None if not line and "samples" in names else given.get(line)
    columns = sent["columns"] if sent else columns_of(_samples(line, names))
    for reward in rewards:
        yield score_columns(
            target_of(names[reward.name]),
            columns,
            batches=[Batch(*pair) for pair in sent["batches"]] if sent else None,
            groups=sent["groups"] if sent else grouped(None, None, columns, len(next(iter(columns.values()), []))),
            conversational=bool(sent and sent["conversational"]),
        )


def _samples(line: str, names: dict) -> Any:
    word = line or "samples"
    if word in names:
        return names[word]
    if os.path.isfile(word):
        return word
    hint = "Name a variable, a file of JSON lines or a run's folder behind %%reward, or set samples = [...] first."
    raise BadInput(f'There are no samples "{word}". {hint}')
