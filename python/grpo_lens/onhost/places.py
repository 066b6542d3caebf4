"""Where things lie on a host: the folder of runs, a run's folder, an attempt's."""

import os
import re

from onhost.files import Trouble

FORM = 1
ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
FULL = "The disk that holds {0} is full: free some space there, then start again."


def host_program():
    """The program that is started again: as watching process, as job."""
    return os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "host.py")


def home():
    return os.environ.get("GRPO_LENS_HOME") or os.path.join(os.path.expanduser("~"), ".grpo-lens")


def runs_folder():
    return os.path.join(home(), "runs")


def run_folder(run):
    if not isinstance(run, str) or not ID.fullmatch(run):
        raise Trouble("bad-input", "A run's id is letters, digits, dots and dashes; %r is not." % (run,))
    return os.path.join(runs_folder(), run)


def attempts_of(folder):
    """Numbers of the attempts, ascending."""
    try:
        return sorted(int(name) for name in os.listdir(os.path.join(folder, "attempts")) if name.isdigit())
    except OSError:
        return []


def attempt_folder(folder, attempt):
    return os.path.join(folder, "attempts", str(attempt))
