"""What the watching process notes beside a run: GPUs, how its log grew, what it met."""

import os
import re
import shutil
import subprocess
import sys
import threading
import time

from onhost.files import read_json, read_text, size
from onhost.places import ID, run_folder, runs_folder

GPU_COLUMNS = "timestamp,index,utilization.gpu,utilization.memory,memory.used,memory.total,power.draw,temperature.gpu"


def sample_gpus(place, ended):
    """Writes what nvidia-smi says every 5 s; its pipe breaks, and it ends, when we are gone."""
    command = ["nvidia-smi", "--query-gpu=" + GPU_COLUMNS, "--format=csv,nounits", "-l", "5"]
    try:
        smi = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    except OSError:
        return
    threading.Thread(target=lambda: (ended.wait(), smi.kill()), daemon=True).start()
    with open(os.path.join(place, "gpu.csv"), "ab", buffering=0) as file:
        for line in smi.stdout:
            try:
                file.write(line)
            except OSError:
                continue


def note_growth(place, ended):
    """Notes when the log had how many bytes, often at first, so that the time of what it says can be told later."""
    began = time.time()
    known = None
    with open(os.path.join(place, "grown.csv"), "ab", buffering=0) as file:
        while True:
            over = ended.is_set()
            bytes_now = size(os.path.join(place, "log.txt"))
            try:
                if bytes_now != known:
                    file.write(b"%.2f,%d\n" % (time.time(), bytes_now))
            except OSError:
                pass  # a full disk: what happened matters more than when
            known = bytes_now
            if over:
                return
            ended.wait(max(0.5, (time.time() - began) / 600))


def describe(place, ask, program):
    """Writes beside the attempt what it met, and once more when the program's own Python is known and was asked."""
    from onhost import record
    from onhost.calls import calls
    from onhost.machine import PACKAGES, host

    launch = ask["launch"]
    cwd = os.path.abspath(os.path.expanduser(launch.get("cwd") or "~"))
    known = [value for name, value in ask["env"].items() if name in launch.get("secrets", ())]
    python = shutil.which("python3", path=ask["env"].get("PATH")) or sys.executable
    try:
        met = {**host({"python": python}), "environment": sorted(ask["env"]), "python": sys.version.split()[0]}
        record.write(place, met)
        met["git"] = record.commit_of(place, cwd, known)
        inputs = os.path.join(run_folder(ask["id"]), "inputs")
        command = [word.replace("{inputs}", inputs) for word in launch["command"]]
        met["sources"] = record.sources(place, command, cwd, known)
        met["calls"] = [
            {"path": kept["path"], **call}
            for kept in met["sources"]
            if kept["path"].endswith(".py")
            for call in calls(read_text(os.path.join(place, kept["copy"])) or "")
        ]
        texts = [*command, *launch.get("env", {}).values()]
        texts += [read_text(os.path.join(place, kept["copy"])) or "" for kept in met["sources"]]
        met["from"] = record.lineage(texts, cwd, others(ask["id"], launch.get("outputs")))
        record.write(place, met)
        met["interpreter"] = record.python_of(program, python)
        met["installed"] = record.packages_of(met["interpreter"])
        plain = {re.sub(r"[-_.]+", "_", name).lower(): version for name, version in met["installed"].items()}
        known = {name: plain[name] for name in PACKAGES if name in plain}
        met["packages"] = known or met["packages"]
        record.write(place, met)
    except OSError:
        return  # a full disk, a folder that went away: the run matters more than what it met


def others(run, outputs):
    """Where each other run here, started or adopted, keeps and writes its files, but for where this one writes too."""
    found, own = {}, outputs and os.path.normpath(os.path.expanduser(outputs))
    for name in os.listdir(runs_folder()):
        folder = os.path.join(runs_folder(), name)
        if name == run or not ID.fullmatch(name):
            continue
        launch = read_json(os.path.join(folder, "launch.json")) or {}
        adopted = read_json(os.path.join(folder, "adopted.json")) or {}
        seen = [folder, launch.get("outputs"), adopted.get("folder")]
        places = [os.path.normpath(os.path.expanduser(path)) for path in seen if path]
        found[name] = [path for path in places if path != own]
    return found
