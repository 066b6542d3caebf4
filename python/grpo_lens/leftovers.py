"""What the user's code leaves behind when a request ends: processes, a working folder, search paths, memory limits."""

from __future__ import annotations

import contextlib
import glob
import os
import signal
import sys
from typing import Iterator

try:
    import resource
except ImportError:  # Windows
    resource = None  # type: ignore[assignment]

_MOST_MEMORY = 16 << 30
_kill, _read = os.kill, open


@contextlib.contextmanager
def cleared() -> Iterator[None]:
    """Afterwards everything stands as it did before, and the processes that were started inside have ended."""
    folder, paths = os.getcwd(), list(sys.path)
    before = set(_children())
    limited = _limit_memory()
    try:
        yield
    finally:
        if limited is not None:
            resource.setrlimit(resource.RLIMIT_AS, limited)
        sys.path[:] = paths
        with contextlib.suppress(OSError):
            os.chdir(folder)
        _end(set(_children()) - before)


def _children() -> list[int]:
    """Processes that this one started and that still run; empty where the system does not tell."""
    found: list[int] = []
    for file in glob.glob("/proc/self/task/*/children"):
        with contextlib.suppress(OSError), _read(file) as ids:
            found += map(int, ids.read().split())
    return found


def _end(processes: set[int]) -> None:
    for process in processes:
        with contextlib.suppress(OSError):
            _kill(process, signal.SIGKILL)
    for process in processes:
        with contextlib.suppress(OSError):
            os.waitpid(process, 0)


def _limit_memory() -> tuple[int, int] | None:
    """At most 16 GiB of address space more than now: a MemoryError is better than a machine that stands still."""
    if resource is None or not os.path.exists("/proc/self/statm"):
        return None
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    with _read("/proc/self/statm") as pages:
        now = int(pages.read().split()[0]) * resource.getpagesize()
    most = min(_MOST_MEMORY, int(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") * 0.7))
    wanted = now + most
    limits = [limit for limit in (soft, hard, wanted) if limit != resource.RLIM_INFINITY]
    resource.setrlimit(resource.RLIMIT_AS, (min(limits), hard))
    return soft, hard
