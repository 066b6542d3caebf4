"""Notes an output folder as a run."""

import json
import os
import re
import time

from onhost.adopted import LOGS
from onhost.facts import facts_of
from onhost.files import Trouble, read_json, write_file
from onhost.places import FORM, run_folder, runs_folder

SIGNS = re.compile(
    r"trainer_state\.json|args\.json|logging\.jsonl|experiment_log\.jsonl|completions|checkpoint-\d+|global_step_\d+"
)


def adopt(ask):
    """Notes an output folder as a run; asked again for the same folder, gives the same run."""
    path = output_folder(os.path.abspath(os.path.expanduser(ask["path"])))
    for name in sorted(os.listdir(runs_folder()) if os.path.isdir(runs_folder()) else []):
        known = read_json(os.path.join(runs_folder(), name, "adopted.json"))
        if known and known.get("folder") == path:
            return facts_of(name)
    run = ask["id"]
    aside = os.path.join(runs_folder(), ".new-%s-%d" % (run, os.getpid()))
    os.makedirs(os.path.join(aside, "notes"), mode=0o700)
    write_file(os.path.join(aside, "adopted.json"), json.dumps({"form": FORM, "folder": path, "at": time.time()}))
    os.rename(aside, run_folder(run))
    return facts_of(run)


def output_folder(path):
    if not os.path.isdir(path):
        raise Trouble("missing", "There is no folder %s." % path)
    inner = [os.path.join(path, name) for name in sorted(os.listdir(path))]
    marked = [folder for folder in inner if os.path.isdir(folder) and has_signs(folder)]
    if has_signs(path):
        return path
    if len(marked) == 1:
        return marked[0]
    if marked:
        names = ", ".join(os.path.basename(folder) for folder in marked)
        raise Trouble("bad-input", "%s holds several output folders (%s): choose one of them." % (path, names))
    raise Trouble("bad-input", "%s holds nothing that a training writes: no log, no checkpoint, no completions." % path)


def has_signs(path):
    try:
        return any(SIGNS.fullmatch(name) or LOGS.fullmatch(name) for name in os.listdir(path))
    except OSError:
        return False
