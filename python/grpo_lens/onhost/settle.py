"""Writes a run's folder aside and renames it into place: before that it is absent, after it whole."""

import errno
import json
import os
import shutil
import socket
import time

from onhost.files import Trouble, operation, reserve, write_file
from onhost.places import FULL, attempt_folder, run_folder, runs_folder
from onhost.processes import mark


def settle(ask):
    """Writes the folder aside and renames it into place; None where someone else was first."""
    folder = run_folder(ask["id"])
    attempt = int(ask.get("attempt", 1))
    os.makedirs(runs_folder(), mode=0o700, exist_ok=True)
    aside = os.path.join(runs_folder(), ".new-%s-%d" % (ask["id"], os.getpid()))
    try:
        if attempt == 1:
            write_run(aside, ask)
            os.rename(aside, folder)
        else:
            write_attempt(aside, ask)
            os.rename(aside, attempt_folder(folder, attempt))
        operation()
    except OSError as error:
        shutil.rmtree(aside, ignore_errors=True)
        if error.errno in (errno.ENOTEMPTY, errno.EEXIST):
            return None
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise Trouble("refused", FULL.format(runs_folder())) from error
        raise Trouble("refused", "The run's folder could not be written: %s." % error) from error
    return attempt_folder(folder, attempt)


def write_run(aside, ask):
    os.makedirs(os.path.join(aside, "attempts", "1"), mode=0o700)
    os.makedirs(os.path.join(aside, "notes"), mode=0o700)
    operation()
    write_file(os.path.join(aside, "launch.json"), json.dumps(ask["launch"], indent=1) + "\n")
    for copy in ask.get("inputs", []):
        path = os.path.join(aside, "inputs", *[part for part in copy["name"].split("/") if part not in ("", ".", "..")])
        os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
        write_file(path, copy["text"])
    write_attempt(os.path.join(aside, "attempts", "1"), ask)


def write_attempt(place, ask):
    os.makedirs(place, mode=0o700, exist_ok=True)
    write_file(os.path.join(place, "script.sh"), ask["script"], 0o700)
    write_file(os.path.join(place, "log.txt"), "")
    reserve(os.path.join(place, "exit"), 16)
    if ask.get("scheduler"):
        from onhost.order import write_order

        write_order(place, ask)
    write_file(os.path.join(place, "handle"), json.dumps(handle_of(ask, None)))
    reserve(os.path.join(place, "handle"), 1024)


def handle_of(ask, program):
    return {
        "how": ask["how"],
        "host": socket.gethostname(),
        "at": time.time(),
        "watcher": None if ask.get("scheduler") else mark(os.getpid()),
        "program": None if program is None else mark(program),
    }
