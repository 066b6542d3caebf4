"""The first records that a recipe makes, with their pictures where they are wished for."""

from __future__ import annotations

import os
from typing import Any

from grpo_lens.choring import media_of
from grpo_lens.preparing.pictures import picture
from grpo_lens.preparing.work import Work

LONGEST = 20_000
"""Characters of a text."""


def preview(recipe: dict[str, Any], root: str, count: int) -> dict[str, Any]:
    """The first records of every part, what was left out until then, and the fields that entries have."""
    work = Work(recipe, root)
    each = -(-count // len(recipe["parts"]))
    found = list(work.records(each))[:count]
    return {"records": found, "left": work.told(), "fields": work.fields, "root": work.root}


def shortened(value: Any) -> Any:
    """The value with its long texts cut, so that a huge entry can be shown."""
    if isinstance(value, str) and len(value) > LONGEST:
        return f"{value[:LONGEST]}… ({len(value):,} characters)"
    if isinstance(value, dict):
        return {key: shortened(one) for key, one in value.items()}
    return [shortened(one) for one in value] if isinstance(value, list) else value


def pictures(records: list[dict[str, Any]], root: str, most: int) -> dict[str, dict[str, str]]:
    """By path, as records name it: `data` in base 64, or `why` it is not shown; `most`: bytes of one picture."""
    named = [one.get("image") if isinstance(one, dict) else one for record in records for one in media_of(record)]
    return {path: picture(os.path.join(root, path), most) for path in named if isinstance(path, str)}
