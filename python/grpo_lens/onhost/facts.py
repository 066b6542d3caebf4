"""What is known of runs now; states are made of it elsewhere."""

import os
import socket

from onhost.adopted import adopted_facts
from onhost.files import modified, read_json, read_text, size
from onhost.places import ID, attempt_folder, attempts_of, run_folder, runs_folder
from onhost.processes import boot_id, is_alive, is_mark, started
from onhost.scheduled import scheduled_facts, tell_scheduled


def facts(ask):
    """What is known of every run here, or of those with such ids, in one answer."""
    try:
        names = [name for name in os.listdir(runs_folder()) if ID.fullmatch(name)]
    except OSError:
        names = []
    if ask.get("ids") is not None:
        names = [name for name in names if name in ask["ids"]]
    runs = [facts_of(name) for name in sorted(names)]
    tell_scheduled([run["scheduler"] for run in runs if run.get("scheduler")])
    return {"host": socket.gethostname(), "boot": boot_id(), "runs": runs}


def fresh_facts(run):
    """The facts of one run, its scheduler asked."""
    found = facts_of(run)
    tell_scheduled([found["scheduler"]] if found.get("scheduler") else [])
    return found


_ended = {}


def facts_of(run):
    """What is known of one run now; states are made of it elsewhere. A run that has ended is read once."""
    folder = run_folder(run)
    watched = [folder, os.path.join(folder, "attempts"), os.path.join(folder, "launch.json")]
    known = _ended.get(run)
    if known and known[0] == stamp(*watched, known[1]):
        return known[2]
    found = read_facts(run, folder)
    told = found.get("scheduler")
    if found["exit"] is not None and (told is None or told["state"] == "ended"):
        place = attempt_folder(folder, found["attempt"])
        _ended[run] = (stamp(*watched, place), place, found)
    return found


def stamp(*paths):
    """Changes when a file was changed, or something was renamed into one of the folders, as all of ours is."""
    try:
        return [os.stat(path).st_mtime_ns for path in paths]
    except OSError:
        return None


def read_facts(run, folder):
    adopted = read_json(os.path.join(folder, "adopted.json"))
    if adopted is not None:
        return adopted_facts(run, adopted)
    attempts = attempts_of(folder)
    place = attempt_folder(folder, attempts[-1] if attempts else 1)
    exit_text = read_text(os.path.join(place, "exit"))
    handle = read_json(os.path.join(place, "handle")) or {}
    known = marks_in(handle)
    ended = exit_text is not None
    told = scheduled_facts(place)
    return {
        "id": run,
        "folder": folder,
        "launch": read_json(os.path.join(folder, "launch.json")),
        "attempts": len(attempts),
        "attempt": attempts[-1] if attempts else 0,
        "exit": int(exit_text) if ended and exit_text.strip().isdigit() else None,
        "stopAsked": os.path.exists(os.path.join(place, "stop")),
        "how": handle.get("how"),
        "host": handle.get("host"),
        "startedAt": handle.get("at"),
        "endedAt": not_before(handle.get("at"), modified(os.path.join(place, "exit"))) if ended else None,
        "marks": known,
        "seen": [] if ended else [{"pid": m["pid"], "start": started(m["pid"]), "boot": boot_id()} for m in known],
        "log": size(os.path.join(place, "log.txt")),
        **({} if told is None else {"scheduler": told}),
    }


def marks_of(place):
    return marks_in(read_json(os.path.join(place, "handle")))


def marks_in(handle):
    known = handle if isinstance(handle, dict) else {}
    return [seen for seen in (known.get("watcher"), known.get("program")) if is_mark(seen)]


def is_going(folder, attempt):
    place = attempt_folder(folder, attempt)
    told = scheduled_facts(place)
    if told is not None:
        waits = not os.path.exists(os.path.join(place, "started"))
        if waits and os.path.exists(os.path.join(place, "stop")):
            return False  # it ends as soon as it starts
        tell_scheduled([told])
        return told["state"] in ("queued", "running", None) and read_text(os.path.join(place, "exit")) is None
    over = os.path.exists(os.path.join(place, "exit"))
    return not over and any(is_alive(seen) for seen in marks_of(place))


def not_before(began, ended):
    """A file's time comes from a coarser clock than ours: a very short run would end before it began."""
    return ended if began is None or ended is None else max(began, ended)
