"""What a scheduler says of the jobs that were handed to it, each asked once for all of them."""

import json
import os
import time

from onhost import Refused
from onhost.files import read_json, replace_file
from onhost.order import job_name, scheduler, take_secrets

LOOK_SECONDS = (1.0, 10.0)
YOUNG_SECONDS = 120.0
_looks = {}
_born = {}


def scheduled_facts(place):
    """What the folder alone tells of a job; None for a run without a scheduler. `state` is None until it was asked for."""
    order = read_json(os.path.join(place, "order.json"))
    if order is None:
        return None
    job = read_json(os.path.join(place, "job")) or {}
    ended = read_json(os.path.join(place, "ended"))
    told = {"name": order["name"], "job": job.get("job"), "state": None, "word": "", "why": "", "place": place}
    if ended is not None:
        told.update(state="ended", word=ended["word"], why=ended["why"])
    return told


def tell_scheduled(told):
    """Fills in what the schedulers say now, each asked once for all its jobs; how a job ended is asked once for ever."""
    groups = {}
    for one in told:
        place = one.pop("place", None)
        if one["state"] is None and place is not None:
            order = read_json(os.path.join(place, "order.json"))
            groups.setdefault((order["name"], order.get("address")), []).append((one, place, order))
    for key, members in groups.items():
        chosen, order = scheduler(key[0]), members[0][2]
        for one, _, its in members:
            one["job"] = one["job"] or chosen.find(its, job_name(its))
        jobs = sorted(one["job"] for one, _, _ in members if one["job"])
        try:
            words = look_at(key, chosen, order, jobs)
        except Refused as refused:
            for one, *_ in members:
                one["why"] = str(refused)
            continue
        for one, place, _ in members:
            state, one["word"], one["why"] = words.get(one["job"]) or ("gone", "", "")
            one["state"] = state
            if state == "ended" or (state == "gone" and os.path.exists(os.path.join(place, "exit"))):
                take_secrets(place)
                note_end(place, one)


def look_at(key, chosen, order, jobs):
    """Looks again after a second while a job is young, after ten while all are old."""
    at, known, words = _looks.get(key, (0.0, [], {}))
    youngest = min((time.time() - born(job) for job in jobs), default=0.0)
    pace = LOOK_SECONDS[0] if youngest < YOUNG_SECONDS else LOOK_SECONDS[1]
    if known != jobs or time.monotonic() - at >= pace:
        for job in jobs:
            _born.setdefault(job, time.time())
        words = chosen.look(order, jobs) if jobs else {}
        _looks[key] = (time.monotonic(), jobs, words)
    return words


def born(job):
    return _born.get(job, time.time())


def note_end(place, one):
    try:
        replace_file(os.path.join(place, "ended"), json.dumps({"word": one["word"], "why": one["why"]}))
    except OSError:
        pass  # a full disk: it is asked again
