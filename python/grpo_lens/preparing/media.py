"""Pictures and films that an entry names."""

from __future__ import annotations

import os
from typing import Any

from grpo_lens.preparing.entries import reach
from grpo_lens.preparing.filling import FIELD, filled
from grpo_lens.preparing.forms import Left

SIGNS = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"RIFF", b"BM", b"II*\0", b"MM\0*")


def media(entry: dict[str, Any], patterns: Any, around: tuple[str, str], check: bool) -> list[str]:
    """Paths of the media; each must be below the root, be there, and begin like a picture where it is one."""
    root, folder = around
    found: list[str] = []
    for pattern in [patterns] if isinstance(patterns, str) else patterns or []:
        whole = FIELD.fullmatch(pattern)
        value = reach(entry, whole[1].strip()) if whole and whole[1] else None
        found += [str(one) for one in value] if isinstance(value, list) else [filled(pattern, entry)]
    paths = []
    for name in found:
        if "://" in name:
            raise Left(f"it names a URL, {name.split('/')[2]}, not a file")
        path = os.path.normpath(os.path.join(folder, name))
        if not os.path.isabs(name) and not path.startswith(root + os.sep):
            raise Left("a path in it leads out of the data root")
        look(path, check)
        paths.append(path)
    return paths


def look(path: str, picture: bool) -> None:
    try:
        with open(path, "rb") as file:
            head = file.read(8)
    except OSError:
        raise Left("a file that it names does not exist") from None
    if not head:
        raise Left("a file that it names is empty")
    if picture and not head.startswith(SIGNS):
        raise Left("a file that it names is no picture")
