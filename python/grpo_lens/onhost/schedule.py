"""Hands attempts to a scheduler, once, and takes them back."""

import fcntl
import json
import os
import shutil
import time

from onhost import Refused
from onhost.detach import DROPPED
from onhost.facts import is_going
from onhost.files import operation, read_json, replace_file
from onhost.order import job_name, scheduler, take_secrets
from onhost.places import runs_folder
from onhost.scheduled import _looks, scheduled_facts, tell_scheduled
from onhost.settle import settle


def schedule(ask, place):
    """Writes the attempt and hands it to the scheduler, once: whoever was killed between the two, asking again goes on."""
    ask = dict(ask, how=ask["scheduler"]["name"])
    scheduler(ask["how"])
    if not os.path.exists(place):
        settle(ask)
    with locked(place):
        if any(os.path.exists(os.path.join(place, name)) for name in ("job", "started", "exit")):
            return
        order = read_json(os.path.join(place, "order.json"))
        chosen = scheduler(order["name"])
        name = job_name(order)
        env = {key: value for key, value in os.environ.items() if not DROPPED.match(key)}
        try:
            job = chosen.find(order, name) or chosen.submit(order, name, place, env)
        except Refused:
            take_back(place, order["attempt"])
            raise
        operation()
        replace_file(os.path.join(place, "job"), json.dumps({"job": job, "at": time.time()}))


def take_back(place, attempt):
    """A job that was refused leaves nothing."""
    whole = os.path.dirname(os.path.dirname(place)) if attempt == 1 else place
    aside = os.path.join(runs_folder(), ".new-refused-%d" % os.getpid())
    os.rename(whole, aside)
    shutil.rmtree(aside, ignore_errors=True)


class locked:
    """One asker at a time, whatever becomes of it."""

    def __init__(self, place):
        self.file = open(os.path.join(place, "order.json"), "rb")

    def __enter__(self):
        fcntl.flock(self.file, fcntl.LOCK_EX)

    def __exit__(self, *_):
        self.file.close()


def stop_scheduled(place, grace):
    """The watching process ends its tree when it sees the wish; a job that waits, or does not end, is cancelled."""
    order = read_json(os.path.join(place, "order.json"))
    chosen = scheduler(order["name"])
    told = scheduled_facts(place)
    tell_scheduled([told])
    end = time.monotonic() + grace + 5
    while told["state"] == "running" and time.monotonic() < end:
        if os.path.exists(os.path.join(place, "stopped")):
            return
        if os.path.exists(os.path.join(place, "exit")):
            end = min(end, time.monotonic() + 2)
        time.sleep(0.1)
    if os.path.exists(os.path.join(place, "exit")):
        return
    if told["job"]:
        chosen.cancel(order, told["job"])
    take_secrets(place)
    _looks.clear()
    for _ in range(50):
        if not is_going(os.path.dirname(os.path.dirname(place)), order["attempt"]):
            return
        _looks.clear()
        time.sleep(0.2)
