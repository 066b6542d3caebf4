"""What is known of an adopted run: an output folder that a training which we did not start writes into."""

import os
import re
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
        try:
            with os.scandir(base) as found:
                times += [entry.stat().st_mtime for entry in found]
        except OSError:
            continue
    return max(times, default=None)


def log_in(folder):
    try:
        with os.scandir(folder) as found:
            logs = [
                (entry.stat().st_size, entry.path) for entry in found if entry.is_file() and LOGS.fullmatch(entry.name)
            ]
    except OSError:
        return None
    return max(logs)[1] if logs else None
