"""The first records that a recipe makes, with their pictures where they are wished for: small, and not too many bytes."""

from __future__ import annotations

import base64
import importlib
import io
import os
from typing import Any

from grpo_lens.choring import has, media_of
from grpo_lens.preparing.work import Work

SIDE = 640
"""Pixels of a picture's longer side."""
SMALL = 256_000
"""Bytes up to which a picture is told as it is."""
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


def picture(path: str, most: int) -> dict[str, str]:
    try:
        size = os.path.getsize(path)
        data = whole(path) if size <= SMALL else smaller(path) or (whole(path) if size <= most else None)
    except OSError as error:
        return {"why": f"it cannot be read: {error.strerror}"}
    if data is None:
        more = "" if has("PIL") else "; with Pillow installed there it is made smaller"
        return {"why": f"its {size / 1e6:.1f} MB are too many to be shown{more}"}
    return {"data": base64.b64encode(data).decode()}


def whole(path: str) -> bytes:
    with open(path, "rb") as file:
        return file.read()


def smaller(path: str) -> bytes | None:
    """As JPEG; None where no Pillow is there, or it cannot read the picture."""
    try:
        image = importlib.import_module("PIL.Image")
        with image.open(path) as picture:
            picture.draft("RGB", (SIDE, SIDE))
            picture.thumbnail((SIDE, SIDE))
            out = io.BytesIO()
            picture.convert("RGB").save(out, "JPEG", quality=80)
            return out.getvalue()
    except (
        Exception
    ):  # Pillow's own errors for what it cannot read are many, and so are those of a broken installation.
        return None
