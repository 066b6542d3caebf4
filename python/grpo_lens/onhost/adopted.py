"""What is known of an adopted run: an output folder that a training which we did not start writes into."""

import os
import re
import stat
import time

from onhost.files import read_json, size

LOGS = re.compile(r"(stdout|train|training|run|nohup|output|log)\.(log|out|txt)|.*\.log", re.IGNORECASE)


def adopted_facts(run, adopted):
    folder = adopted["folder"]
    state = read_json(os.path.join(folder, "trainer_state.json")) or {}
    newest = newest_change(folder)
    quiet = None if newest is None else time.time() - newest
    step, steps = state.get("global_step"), state.get("max_steps")
    return {
        "id": run,
        "folder": folder,
        "launch": None,
        "attempts": 0,
        "attempt": 0,
        "exit": None,
        "stopAsked": False,
        "marks": [],
        "seen": [],
        "adopted": True,
        "quietSeconds": quiet if quiet is not None and quiet >= 0 else None,
        "finished": isinstance(step, int) and isinstance(steps, int) and step >= steps > 0,
        "startedAt": adopted.get("at"),
        "logFile": log_in(folder),
        "log": size(log_in(folder) or ""),
    }


def newest_change(folder):
    times = []
    for base in (folder, os.path.join(folder, "completions"), os.path.join(folder, "runs")):
        times += [info.st_mtime for _, info in there(base)]
    return max(times, default=None)


def log_in(folder):
    files = ((info.st_size, path) for path, info in there(folder) if stat.S_ISREG(info.st_mode))
    return max((file for file in files if LOGS.fullmatch(os.path.basename(file[1]))), default=(0, None))[1]


def there(folder):
    """Path and state of what stands in a folder, without what is gone by the time it is looked at and links to nothing."""
    try:
        names = os.listdir(folder)
    except OSError:
        return
    for name in names:
        path = os.path.join(folder, name)
        try:
            yield path, os.stat(path)
        except OSError:
            continue
