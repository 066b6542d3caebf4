"""Annotation files below a folder, and the entries that they list."""

from __future__ import annotations

import glob
import os
from typing import Any, Iterator

from grpo_lens.choring import Refused, records


def annotations(root: str, part: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """(path, path below the root) of each annotation file. Errors: Refused where there is none."""
    pattern = part["read"]
    if os.path.isabs(pattern) or ".." in pattern.split("/"):
        raise Refused(f"“read” {pattern} leads out of the data root.")
    found = sorted(glob.glob(os.path.join(glob.escape(root), pattern), recursive=True))
    if not found:
        raise Refused(f"No file below {root} is like {pattern}.")
    for path in found:
        yield path, os.path.relpath(path, root)


def entries(path: str, each: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """What an annotation file lists; `each` is the path to the list in it, such as `data.items`."""
    for place, record in records(path):
        if not each:
            yield place, record
            continue
        listed = reach(record, each)
        if isinstance(listed, dict):
            listed = [{"key": key, **value} for key, value in listed.items() if isinstance(value, dict)]
        if not isinstance(listed, list):
            raise Refused(f"{place} holds no list at “{each}”.")
        for number, item in enumerate(listed, 1):
            if isinstance(item, dict):
                yield f"{place}, {each} {number}", item


def reach(record: Any, dotted: str) -> Any:
    for key in dotted.split("."):
        if isinstance(record, list) and key.lstrip("-").isdigit() and -len(record) <= int(key) < len(record):
            record = record[int(key)]
        elif isinstance(record, dict) and key in record:
            record = record[key]
        else:
            return None
    return record
