"""Time limits around the user's code, and where it was when it died.

Soft: `Timeout` is raised in the code, by a watching thread after that much time (which ends a sleep), and by a timer
after that much processor time (which ends a regex: that never lets another thread run, but looks up for signals). Not
by SIGALRM: verifiers use that one themselves. Hard, for C code that never looks up: after twice the time and two
seconds the interpreter writes every frame to the crash stream and ends.
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
import threading
import time
from typing import Any, Iterator

_AGAIN = 0.05
_GRACE = 2.0
_sleep, _now, _spent = time.sleep, time.monotonic, time.process_time
_len, _isinstance = len, isinstance
_PLACE = struct.Struct("<qq").pack_into

LOADING, BATCH, SAMPLE, CHECKING = 0, 1, 2, 3
"""What the user's code was run for; the starter of this process reads it after a death."""


class Timeout(BaseException):
    """Not an Exception, so that the reward's own `except Exception` does not turn it into a score."""


class Limits:
    def __init__(self, crashes: Any, progress: str | None) -> None:
        self._crashes = crashes
        self._running = False
        self.timed_out = False
        self._place = _mapped(progress)
        faulthandler.enable(file=crashes, all_threads=False)
        self._deadline = self._most = self._hard = 0.0
        self._watching = threading.Event()
        self._timer = hasattr(signal, "setitimer")
        if self._timer:
            signal.signal(signal.SIGVTALRM, self._ring)
            threading.Thread(target=self._watch, args=(threading.get_ident(),), daemon=True).start()

    def _watch(self, main: int) -> None:
        while self._watching.wait():
            _sleep(_AGAIN)
            if self._running and _now() > self._deadline:
                signal.pthread_kill(main, signal.SIGVTALRM)

    def _ring(self, *_: Any) -> None:
        """A signal may arrive late, in the next call: only one whose time is up counts."""
        late = _now() > self._deadline or _spent() > self._most
        if self._running and late:
            self.timed_out = True
            raise Timeout

    def many(self, seconds: float) -> Many:
        """For very many short calls of the user's code, each with this limit."""
        return Many(self, seconds)

    def arm(self, seconds: float) -> None:
        """Setting the hard limit anew waits for a thread, so that a call may get up to a second more."""
        if self._timer:
            signal.setitimer(signal.ITIMER_VIRTUAL, seconds, _AGAIN)
        now = _now()
        hard = now + 2 * seconds + _GRACE
        if abs(hard - self._hard) > 1:
            faulthandler.dump_traceback_later(2 * seconds + _GRACE, exit=True, file=self._crashes)
            self._hard = hard
        self._deadline = now + seconds
        self._most = _spent() + 0.95 * seconds
        self._watching.set()

    def disarm(self) -> None:
        self._watching.clear()
        if self._timer:
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)

    def rest(self) -> None:
        """None of the user's code runs for a while: also the hard limit ends."""
        if self._hard:
            faulthandler.cancel_dump_traceback_later()
            self._hard = 0.0

    @contextlib.contextmanager
    def around(self, seconds: float, stage: int, index: int = 0) -> Iterator[None]:
        """The user's code runs inside; the stage, and the batch of this index, are blamed if the process dies there."""
        _PLACE(self._place, 0, stage, index)
        self.timed_out = False
        self.arm(seconds)
        before = dict(builtins.__dict__), sys.stdin
        try:
            self._running = True
            yield
        finally:
            self._running = False
            if builtins.__dict__ != before[0]:
                _put_back(before[0])
            sys.stdin = before[1]
            self.disarm()
            _PLACE(self._place, 0, LOADING, 0)


class Many:
    """Timers cost more than most calls, so they are set anew every 50 ms only: a call may get that much less time."""

    def __init__(self, limits: Limits, seconds: float) -> None:
        self._limits, self._seconds = limits, seconds
        self._armed = 0.0
        self._before = dict(builtins.__dict__)
        self._place = limits._place

    def enter(self, sample: int) -> None:
        """Right before the user's code."""
        now = _now()
        if now - self._armed > _AGAIN or self._limits.timed_out:
            self._limits.timed_out = False
            self._limits.arm(self._seconds)
            self._armed = now
        _PLACE(self._place, 0, SAMPLE, sample)
        self._limits._running = True

    def leave(self) -> None:
        """Right after it, however it ended."""
        self._limits._running = False
        if builtins.len is not _len or builtins.isinstance is not _isinstance:
            _put_back(self._before)

    def end(self) -> None:
        self._limits.disarm()
        self._limits.rest()
        _PLACE(self._place, 0, LOADING, 0)
        if builtins.__dict__ != self._before:
            _put_back(self._before)


def _put_back(before: dict) -> None:
    """Builtins as they were. Never without any: this code, too, uses them."""
    names = builtins.__dict__
    names.update(before)
    for name in [name for name in names if name not in before]:
        del names[name]


def _mapped(path: str | None) -> Any:
    if path is None:
        return bytearray(16)
    file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    os.ftruncate(file, 16)
    return mmap.mmap(file, 16)
