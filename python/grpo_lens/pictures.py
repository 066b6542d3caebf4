"""Pictures of a record, kept beside it: a record shows them wherever it is taken, and they outlive the data set's cache."""

from __future__ import annotations

import hashlib
import os
from typing import Any

FOLDER = "images"
MOST_BYTES = 1 << 28


class Pictures:
    """Each picture once, named by what it holds; beyond `most_bytes` only the names of files are noted."""

    def __init__(self, folder: str, most_bytes: int = MOST_BYTES) -> None:
        self._folder, self._left = folder, most_bytes
        self._known: dict[tuple, str] = {}

    def name(self, picture: Any) -> str | None:
        """Relative to the record's folder where it is kept there, else the path it came from, where there is one.
        `picture`: a path, or a picture of Pillow."""
        source = picture if isinstance(picture, str) else getattr(picture, "filename", None)
        if isinstance(source, str) and os.path.isfile(source):
            path = os.path.abspath(source)
            return self._copied(path) or path
        return picture if isinstance(picture, str) else self._saved(picture)

    def _copied(self, path: str) -> str | None:
        stat = os.stat(path)
        key = (path, stat.st_mtime_ns, stat.st_size)
        if key not in self._known and stat.st_size <= self._left:
            with open(path, "rb") as file:
                data = file.read()
            name = hashlib.sha256(data).hexdigest()[:16] + os.path.splitext(path)[1].lower()
            self._known[key] = self._kept(name, lambda to: _write(to, data))
        return self._known.get(key)

    def _saved(self, picture: Any) -> str | None:
        if not hasattr(picture, "save") or not hasattr(picture, "tobytes"):
            return None
        shape = f"{getattr(picture, 'mode', '')}{getattr(picture, 'size', '')}".encode()
        key = (hashlib.sha256(shape + picture.tobytes()).hexdigest()[:16],)
        if key not in self._known and self._left > 0:
            self._known[key] = self._kept(f"{key[0]}.png", lambda to: picture.save(to, format="PNG"))
        return self._known.get(key)

    def _kept(self, name: str, write: Any) -> str:
        """Whole or absent: several processes may keep the same picture at once."""
        path = os.path.join(self._folder, FOLDER, name)
        if not os.path.exists(path):
            os.makedirs(os.path.dirname(path), exist_ok=True)
            aside = f"{path}.{os.getpid()}"
            write(aside)
            os.replace(aside, path)
        self._left -= os.path.getsize(path)
        return f"{FOLDER}/{name}"


def _write(path: str, data: bytes) -> None:
    with open(path, "wb") as file:
        file.write(data)
