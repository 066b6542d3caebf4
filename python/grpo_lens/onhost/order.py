"""What a job is told, and the scheduler that it is handed to."""

import importlib
import json
import os
import sys

from onhost.detach import quoted
from onhost.files import Trouble, read_json, write_file
from onhost.places import attempt_folder, host_program, run_folder


def scheduler(name):
    """`submit`, `find`, `look`, `cancel` and `script` of one scheduler."""
    if name not in ("slurm", "ray"):
        raise Trouble("bad-input", "There is no scheduler %r." % (name,))
    return importlib.import_module("onhost." + name)


def job_name(order):
    return "grpo-%s-%d" % (order["id"], order["attempt"])


def write_order(place, ask):
    """What the job is told, and in a file of its own, which it takes away, the secrets."""
    order = {
        "id": ask["id"],
        "attempt": int(ask.get("attempt", 1)),
        "login": bool(ask.get("login")),
        **ask["scheduler"],
    }
    write_file(os.path.join(place, "order.json"), json.dumps(order))
    final = attempt_folder(run_folder(ask["id"]), order["attempt"])
    words = " ".join(quoted(word) for word in [sys.executable, host_program(), "job", final])
    write_file(os.path.join(place, "job.sh"), scheduler(order["name"]).script(order, words), 0o700)
    if ask.get("secrets"):
        write_file(os.path.join(place, "secrets"), json.dumps(ask["secrets"]))


def take_secrets(place):
    path = os.path.join(place, "secrets")
    secrets = read_json(path) or {}
    try:
        os.unlink(path)
    except FileNotFoundError:
        pass  # there are none, or the job that came first has them
    return secrets
