"""Samples from whatever a notebook has at hand, as columns of one length."""

from __future__ import annotations

import json
import os
from typing import Any

TEXTS = ("completion", "completions", "response", "output", "generated_text", "text", "prediction")
PROMPTS = ("prompt", "prompts", "question", "problem", "input", "query")
GROUPS = ("group", "group_id", "uid", "prompt_id")


class BadInput(ValueError):
    """One sentence: what cannot be read, and what could be."""


def columns_of(samples: Any) -> dict[str, list]:
    """Columns of a list of texts, of conversations or of records, of a mapping of lists, a data frame, a data set, or a
    path of JSON lines. Errors: `BadInput`."""
    for method in ("to_pydict", "to_dict"):
        if hasattr(samples, method) and not isinstance(samples, dict):
            return _of_mapping(_table(samples, method))
    if isinstance(samples, (str, os.PathLike)):
        return _of_records(_read(os.fspath(samples)))
    if isinstance(samples, dict):
        return _of_mapping(samples)
    listed = list(samples)
    if listed and all(isinstance(record, dict) and "content" not in record for record in listed):
        return _of_records(listed)
    return {"completion": listed}


def source_of(samples: Any) -> dict:
    """Where samples came from, for the buttons of an output: `{source: {path}}` of a path, else nothing."""
    if not isinstance(samples, (str, os.PathLike)):
        return {}
    return {"source": {"path": os.path.abspath(os.fspath(samples))}}


def text_of(value: Any) -> str:
    """What the model wrote as plain text, also where it stands in messages."""
    if isinstance(value, str):
        return value
    if isinstance(value, dict):
        return text_of(value.get("content", value.get("text", "")))
    if isinstance(value, (list, tuple)):
        return "\n".join(text_of(part) for part in value)
    return "" if value is None else str(value)


def first_of(columns: dict[str, list], names: tuple[str, ...]) -> str | None:
    return next((name for name in names if name in columns), None)


def _table(samples: Any, method: str) -> dict:
    try:
        return getattr(samples, method)(*(["list"] if hasattr(samples, "iloc") else []))
    except TypeError as error:
        raise BadInput(f"A {type(samples).__name__} cannot be read as samples: {error}") from None


def _of_mapping(columns: dict) -> dict[str, list]:
    listed = {str(name): list(values) for name, values in columns.items()}
    lengths = {name: len(values) for name, values in listed.items()}
    if len(set(lengths.values())) > 1:
        raise BadInput(f"The columns differ in length: {lengths}.")
    return listed


def _of_records(records: list[dict]) -> dict[str, list]:
    names = {str(name): None for record in records for name in record}
    return {name: [record.get(name) for record in records] for name in names}


def _read(path: str) -> list[dict]:
    records = []
    with open(path, encoding="utf-8-sig") as lines:
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            try:
                record = json.loads(line)
            except ValueError as error:
                raise BadInput(f"{path}, line {number} is no JSON: {error}.") from None
            if not isinstance(record, dict):
                raise BadInput(f"{path}, line {number} is no JSON object.")
            records.append(record)
    return records
