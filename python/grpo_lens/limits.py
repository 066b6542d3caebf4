"""Time limits around the user's code, and where it was when it died.

Soft: a timer of the processor time spent (not SIGALRM, which verifiers use themselves) raises `Timeout` in the code.
Hard: one second of real time later the interpreter writes every frame to the crash stream and ends.
"""

from __future__ import annotations

import builtins
import contextlib
import faulthandler
import mmap
import os
import signal
import struct
import sys
from typing import Any, Iterator

_AGAIN = 0.05
_GRACE = 1.0


class Timeout(BaseException):
    """Not an Exception, so that the reward's own `except Exception` does not turn it into a score."""


class Limits:
    def __init__(self, crashes: Any, progress: str | None) -> None:
        self._crashes = crashes
        self._running = False
        self.timed_out = False
        self._place = _mapped(progress)
        faulthandler.enable(file=crashes, all_threads=False)
        self._soft = hasattr(signal, "setitimer")
        if self._soft:
            signal.signal(signal.SIGVTALRM, self._ring)

    def _ring(self, *_: Any) -> None:
        if self._running:
            self.timed_out = True
            raise Timeout

    @contextlib.contextmanager
    def around(self, seconds: float, batch: int) -> Iterator[None]:
        """The user's code runs inside; `batch` is what is blamed if the process dies there."""
        struct.pack_into("<q", self._place, 0, batch)
        self.timed_out = False
        faulthandler.dump_traceback_later(seconds + _GRACE, exit=True, file=self._crashes)
        if self._soft:
            signal.setitimer(signal.ITIMER_VIRTUAL, seconds, _AGAIN)
        before = dict(vars(builtins)), sys.stdin
        try:
            self._running = True
            yield
        finally:
            self._running = False
            if vars(builtins) != before[0]:
                vars(builtins).clear()
                vars(builtins).update(before[0])
            sys.stdin = before[1]
            if self._soft:
                signal.setitimer(signal.ITIMER_VIRTUAL, 0)
            faulthandler.cancel_dump_traceback_later()
            struct.pack_into("<q", self._place, 0, -1)


def _mapped(path: str | None) -> Any:
    if path is None:
        return bytearray(8)
    file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    os.ftruncate(file, 8)
    place = mmap.mmap(file, 8)
    struct.pack_into("<q", place, 0, -1)
    return place
