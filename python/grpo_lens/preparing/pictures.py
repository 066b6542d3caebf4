"""Pictures to be shown elsewhere: small, and not too many bytes."""

from __future__ import annotations

import base64
import importlib
import io
import os

from grpo_lens.choring import has

SIDE = 640
"""Pixels of a picture's longer side."""
SMALL = 256_000
"""Bytes up to which a picture is told as it is."""


def picture(path: str, most: int) -> dict[str, str]:
    path = os.path.expanduser(path)
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
