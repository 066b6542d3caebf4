"""What a cell prints, as it comes: the beginning and the end are told, the middle is counted.

Also what bypasses `sys.stdout` (subprocesses, C code) arrives here, through pipes in place of the two descriptors.
"""

from __future__ import annotations

import codecs
import io
import os
import select
import sys
import threading
from typing import Callable

FIRST = 400_000
LAST = 40_000
_EVERY = 0.05

Tell = Callable[[str, dict], None]


class _Stream(io.TextIOBase):
    """`sys.stdout` or `sys.stderr` of the user's code."""

    def __init__(self, name: str, pipe: _Pipe, take: Callable[[str, str], None]) -> None:
        self._name, self._pipe, self._take = name, pipe, take

    @property
    def encoding(self) -> str:
        return "utf-8"

    @property
    def name(self) -> str:
        return f"<{self._name}>"

    def writable(self) -> bool:
        return True

    def fileno(self) -> int:
        return self._pipe.descriptor

    def write(self, text: str) -> int:
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        self._pipe.drain()
        self._take(self._name, text)
        return len(text)


class Streams:
    """Tells `stream` at most every 50 ms; of one cell the first 400,000 and the last 40,000 characters."""

    def __init__(self, tell: Tell) -> None:
        self._tell = tell
        self._lock = threading.Lock()
        self._cell = 0
        self._waiting: list[tuple[str, str]] = []
        self._tail: list[tuple[str, str]] = []
        self._passed = self._kept = self._dropped = 0
        self._pipes = [_Pipe(1, "stdout", self._take), _Pipe(2, "stderr", self._take)]
        sys.stdout, sys.stderr = (_Stream(pipe.name, pipe, self._take) for pipe in self._pipes)
        threading.Thread(target=self._often, name="grpo-lens-streams", daemon=True).start()

    def begin(self, cell: int) -> None:
        with self._lock:
            self._cell = cell
            self._passed = self._kept = self._dropped = 0
            self._tail = []

    def end(self) -> None:
        """Tells all that is left of the cell."""
        for pipe in self._pipes:
            pipe.drain()
        self.flush()
        with self._lock:
            tail, dropped = self._tail, self._dropped
            self._tail, self._kept, self._dropped = [], 0, 0
        if dropped:
            self._send("stderr", f"\n… {dropped:,} characters of output were left out here …\n")
        for name, text in _joined(tail):
            self._send(name, text)

    def flush(self) -> None:
        with self._lock:
            waiting, self._waiting = self._waiting, []
        for name, text in _joined(waiting):
            self._send(name, text)

    def _send(self, name: str, text: str) -> None:
        self._tell("stream", {"cell": self._cell, "name": name, "text": text})

    def _often(self) -> None:
        while True:
            threading.Event().wait(_EVERY)
            self.flush()

    def _take(self, name: str, text: str) -> None:
        with self._lock:
            room = FIRST - self._passed
            if room > 0:
                self._waiting.append((name, text[:room]))
                self._passed += min(room, len(text))
                text = text[room:]
            if text:
                self._keep_last(name, text)

    def _keep_last(self, name: str, text: str) -> None:
        cut = text[-LAST:]
        self._dropped += len(text) - len(cut)
        self._tail.append((name, cut))
        self._kept += len(cut)
        while self._kept > 2 * LAST or (len(self._tail) > 1 and self._kept - len(self._tail[0][1]) >= LAST):
            _, first = self._tail.pop(0)
            self._kept -= len(first)
            self._dropped += len(first)


class _Pipe:
    """What is written to a descriptor, by whomever."""

    def __init__(self, descriptor: int, name: str, take: Callable[[str, str], None]) -> None:
        self.descriptor, self.name, self._take = descriptor, name, take
        self._out, into = os.pipe()
        os.dup2(into, descriptor)
        os.close(into)
        self._lock = threading.Lock()
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        threading.Thread(target=self._pump, name=f"grpo-lens-{name}", daemon=True).start()

    def drain(self) -> None:
        """Takes what has been written until now, so that it stands before what comes next."""
        with self._lock:
            while self._is_written(0):
                self._take_some()

    def _pump(self) -> None:
        while self._is_written(None):
            with self._lock:
                if self._is_written(0):
                    self._take_some()

    def _is_written(self, wait: float | None) -> bool:
        return bool(select.select([self._out], [], [], wait)[0])

    def _take_some(self) -> None:
        self._take(self.name, self._decoder.decode(os.read(self._out, 1 << 16)))


def _joined(pieces: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Neighbours of one stream as one."""
    joined: list[tuple[str, list[str]]] = []
    for name, text in pieces:
        if joined and joined[-1][0] == name:
            joined[-1][1].append(text)
        else:
            joined.append((name, [text]))
    return [(name, "".join(texts)) for name, texts in joined]
