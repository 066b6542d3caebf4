"""Starts a run, or one more attempt at it: a watching process is let go, and is given the launch through a pipe."""

import errno
import json
import os
import shutil
import tempfile
import time

from onhost.detach import DROPPED, detach
from onhost.facts import fresh_facts, is_going
from onhost.files import START_SECONDS, Trouble, operation, read_json
from onhost.logout import ends_at_logout
from onhost.places import FORM, attempt_folder, attempts_of, run_folder
from onhost.processes import ancestors, is_alive


def launch(ask):
    """Starts a run, or one more attempt at it. Asked again for what is there already, it tells what is there."""
    folder = run_folder(ask["id"])
    attempt = int(ask.get("attempt", 1))
    place = attempt_folder(folder, attempt)
    if attempt > 1:
        check_ended(folder, attempt)
    if ask.get("scheduler"):
        from onhost.schedule import schedule

        schedule(ask, place)
    elif not os.path.exists(place):
        start(ask, place)
    handle = read_json(os.path.join(place, "handle")) or {}
    logout = bool(handle.get("watcher")) and ends_at_logout(handle["watcher"]["pid"])
    return {
        "run": fresh_facts(ask["id"]),
        "how": handle.get("how"),
        "detached": is_detached(handle) and not logout,
        "logout": logout,
    }


def check_ended(folder, attempt):
    before = attempts_of(folder)
    if not before:
        raise Trouble("missing", "There is no run %s here." % os.path.basename(folder))
    known = read_json(os.path.join(folder, "launch.json")) or {}
    if known.get("form", FORM) > FORM:
        raise Trouble("unsupported", "This run was written by a newer GRPO Lens: update it here to resume the run.")
    if attempt != before[-1] and attempt != before[-1] + 1:
        raise Trouble("exists", "Someone else has resumed this run meanwhile: look again.")
    if attempt == before[-1] + 1 and is_going(folder, before[-1]):
        raise Trouble("exists", "The run is still going: stop it before resuming it.")


def start(ask, place):
    box = tempfile.mkdtemp(prefix="grpo-lens-")
    operation()
    try:
        pipe = os.path.join(box, "ask")
        os.mkfifo(pipe, 0o600)
        operation()
        env = {key: value for key, value in os.environ.items() if not DROPPED.match(key)}
        ask = dict(ask, env={**env, **ask.get("env", {}), **ask.get("secrets", {})}, secrets=None)
        ask["how"] = detach(box, ask)
        send(pipe, json.dumps(ask).encode())
        await_start(box, place)
    finally:
        shutil.rmtree(box, ignore_errors=True)


def send(pipe, data):
    """Writes the request once someone reads it, so that nothing of it is ever on a disk."""
    end = time.monotonic() + START_SECONDS
    while True:
        try:
            handle = os.open(pipe, os.O_WRONLY | os.O_NONBLOCK)
            break
        except OSError as error:
            if error.errno != errno.ENXIO or time.monotonic() > end:
                raise Trouble(
                    "timeout", "The run's watching process did not start within %d s." % START_SECONDS
                ) from error
            time.sleep(0.005)
    os.set_blocking(handle, True)
    with os.fdopen(handle, "wb") as file:
        file.write(b"%d\n" % len(data) + data)
    operation()


def await_start(box, place):
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        if os.path.exists(place):
            return
        error = read_json(os.path.join(box, "error"))
        if error:
            raise Trouble(error["code"], error["message"])
        watcher = read_json(os.path.join(box, "watcher"))
        if watcher and not is_alive(watcher) and not os.path.exists(place):
            raise Trouble("refused", "The process that starts the run was killed: try again.")
        time.sleep(0.005)
    raise Trouble("timeout", "The run did not start within %d s." % START_SECONDS)


def is_detached(handle):
    """Whether the watching process hangs neither from us nor from whoever started us."""
    if not handle:
        return False
    ours = {os.getpid(), os.getppid()} - {1}
    return handle.get("watcher") is None or not ours & set(ancestors(handle["watcher"]["pid"])[1:])
