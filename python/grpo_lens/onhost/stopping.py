"""Asks for the end of a run and tells what was ended by what."""

import json
import os
import signal
import time

from onhost.ending import stop_tree
from onhost.facts import fresh_facts, is_going, marks_of
from onhost.files import Trouble, read_json, replace_file
from onhost.places import attempt_folder, attempts_of, run_folder
from onhost.processes import is_alive
from onhost.scheduled import scheduled_facts


def stop(ask):
    """Asks for the end of a run: TERM to its whole tree, KILL after the grace. Tells what was ended by what."""
    folder = run_folder(ask["id"])
    attempts = attempts_of(folder)
    if not attempts:
        raise Trouble("missing", "There is no run %s here." % ask["id"])
    place = attempt_folder(folder, attempts[-1])
    handle = read_json(os.path.join(place, "handle")) or {}
    asked = os.path.exists(os.path.join(place, "stop"))
    if os.path.exists(os.path.join(place, "exit")) or not (is_going(folder, attempts[-1]) or asked):
        return {"run": fresh_facts(ask["id"]), "ended": []}
    grace = float(ask.get("grace", 20))
    try:
        replace_file(
            os.path.join(place, "stop"), json.dumps({"who": ask.get("who"), "at": time.time(), "grace": grace})
        )
    except OSError:
        ask_empty(os.path.join(place, "stop"))
    if scheduled_facts(place) is not None:
        from onhost.schedule import stop_scheduled

        stop_scheduled(place, grace)
        return {"run": fresh_facts(ask["id"]), "ended": read_json(os.path.join(place, "stopped")) or []}
    if is_alive(handle.get("watcher")):
        os.kill(handle["watcher"]["pid"], signal.SIGUSR1)
    elif is_alive(handle.get("program")):
        stop_tree(place, handle["program"]["pid"], ask["id"])
    report, end = None, time.monotonic() + grace + 10
    while time.monotonic() < end:
        over = not any(is_alive(seen) for seen in marks_of(place))
        report = read_json(os.path.join(place, "stopped"))
        # All are dead when the report is written, but how it ended may stand there a moment later.
        if over or (report is not None and os.path.exists(os.path.join(place, "exit"))):
            break
        time.sleep(0.05)
    return {"run": fresh_facts(ask["id"]), "ended": report or []}


def ask_empty(path):
    """A full disk must not keep a run from being stopped: an empty file takes no room, and a signal goes without one."""
    try:
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600))
    except OSError:
        pass
