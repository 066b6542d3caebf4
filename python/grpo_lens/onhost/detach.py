"""The ways to let a process go so that it hangs from nothing of ours."""

import os
import re
import shutil
import subprocess
import sys

from onhost.files import Trouble, output
from onhost.logout import lingers
from onhost.places import host_program

DROPPED = re.compile(r"GRPO_LENS_|VSCODE_|ELECTRON_|SSH_|TMUX|STY$|INVOCATION_ID$|JOURNAL_STREAM$|OLDPWD$|_$")
SILENT = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}


def detach(box, ask):
    """Starts the watching process by the first way that is there; gives the way's name."""
    command = [sys.executable, "-E", "-S", host_program(), "watch", box]
    wish = ask.get("detach")
    ways = [wish] if wish else ["systemd", "tmux", "setsid"]
    unit = "grpo-%s-%s" % (ask["id"].replace(".", "_"), ask.get("attempt", 1))
    for way in ways:
        if way == "systemd" and lingers():
            line = ["systemd-run", "--user", "--quiet", "--collect", "--unit=" + unit, *passed(), *command]
            if output(line) is not None:
                return "systemd"
        if way == "tmux" and shutil.which("tmux"):
            words = " ".join(quoted(word) for word in ["env", *assignments(), *command])
            if output(["tmux", "new-session", "-d", "-s", unit, "exec " + words]) is not None:
                return "tmux"
        if way == "setsid":
            subprocess.Popen([*command, "fork"], **SILENT).wait()
            return "setsid"
    raise Trouble("unsupported", "This host has no %s to start a run with." % wish)


def own_variables():
    return {key: value for key, value in os.environ.items() if key.startswith("GRPO_LENS_")}


def assignments():
    return ["%s=%s" % pair for pair in own_variables().items()]


def passed():
    return ["--setenv=" + pair for pair in assignments()]


def quoted(word):
    return "'" + word.replace("'", "'\\''") + "'"
