"""What the user's code prints: the beginning is kept and told, the rest counted."""

from __future__ import annotations

import contextlib
import io
import os
import sys
from typing import Any, Callable, Iterator

_KEPT = 4_000


class _Capped(io.TextIOBase):
    def __init__(self) -> None:
        self.kept: list[str] = []
        self.size = 0

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        if self.size < _KEPT:
            self.kept.append(text[: _KEPT - self.size])
        self.size += len(text)
        return len(text)


class Prints:
    """`spilled` is the file that file descriptors 1 and 2 append to."""

    def __init__(self, spilled: Any) -> None:
        self._spilled = spilled
        self._text = _Capped()

    @contextlib.contextmanager
    def captured(self) -> Iterator[None]:
        before = sys.stdout, sys.stderr
        sys.stdout = sys.stderr = self._text
        try:
            yield
        finally:
            sys.stdout, sys.stderr = before

    def report(self, tell: Callable[[str, dict], None]) -> None:
        """Tells `printed` if there is anything, and starts anew."""
        size = os.fstat(self._spilled.fileno()).st_size
        self._spilled.seek(0)
        raw = self._spilled.read(_KEPT).decode("utf-8", "replace") if size else ""
        text = "".join(self._text.kept) + raw
        if text:
            tell("printed", {"text": text, "dropped": max(0, self._text.size - _KEPT) + max(0, size - _KEPT)})
        self._spilled.truncate(0)
        self._text = _Capped()
