"""Ends a run: TERM to its whole tree, KILL after the grace."""

import json
import os
import signal
import time

from onhost.files import read_json, replace_file
from onhost.processes import tree


def stop_tree(place, program, run):
    wish = read_json(os.path.join(place, "stop")) or {}
    end = time.monotonic() + float(wish.get("grace") or 20)
    report = {}
    members = tree(program, run)
    send_all(members, signal.SIGTERM, report)
    while members and time.monotonic() < end:
        time.sleep(0.05)
        members = tree(program, run)
        send_all({pid: name for pid, name in members.items() if pid not in report}, signal.SIGTERM, report)
    for _ in range(50):
        send_all(members, signal.SIGKILL, report)
        time.sleep(0.1)
        members = tree(program, run)
        if not members:
            break
    try:
        replace_file(os.path.join(place, "stopped"), json.dumps(list(report.values())))
    except OSError:
        pass  # the report is lost on a full disk, the end is not


def send_all(members, number, report):
    for pid, name in members.items():
        try:
            os.kill(pid, number)
        except (ProcessLookupError, PermissionError):
            continue
        report[pid] = {"pid": pid, "name": name, "signal": signal.Signals(number).name}
