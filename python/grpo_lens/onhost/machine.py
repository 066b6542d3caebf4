"""What the host itself is and has."""

import json
import os
import re
import shutil
import socket
import subprocess
import sys

from onhost.files import Trouble, output
from onhost.logout import ends_at_logout, lingers
from onhost.places import home
from onhost.processes import boot_id

PACKAGES = ("torch", "transformers", "trl", "ms_swift", "verl", "vllm", "peft", "accelerate", "deepspeed", "ray")
VERSIONS = """
import sys, json
from importlib import metadata
found = {}
for name in sys.argv[1:]:
    try: found[name] = metadata.version(name)
    except metadata.PackageNotFoundError: pass
print(json.dumps(found))
"""


def host(ask):
    """Python, GPUs, disk, ways to detach, versions of packages (read from their metadata, nothing imported)."""
    python = ask.get("python") or sys.executable
    smi = output(
        [
            "nvidia-smi",
            "--query-gpu=index,name,memory.total,memory.used,utilization.gpu",
            "--format=csv,noheader,nounits",
        ]
    )
    os.makedirs(home(), mode=0o700, exist_ok=True)
    room = shutil.disk_usage(home())
    stays = lingers()
    return {
        "host": socket.gethostname(),
        "boot": boot_id(),
        "python": sys.version.split()[0],
        "gpus": [gpu_of(line) for line in (smi or "").splitlines() if line.count(",") == 4],
        "disk": {"folder": home(), "free": room.free, "total": room.total},
        "detach": [
            way for way, there in (("systemd", stays), ("tmux", bool(shutil.which("tmux"))), ("setsid", True)) if there
        ],
        "logout": not stays and ends_at_logout(os.getpid()),
        "packages": json.loads(output([python, "-c", VERSIONS, *PACKAGES]) or "{}"),
    }


def gpu_of(line):
    index, name, total, used, busy = (part.strip() for part in line.split(","))
    numbers = [float(text) if re.fullmatch(r"[\d.]+", text) else None for text in (total, used, busy)]
    return {"index": int(index), "name": name, "totalMiB": numbers[0], "usedMiB": numbers[1], "busyPercent": numbers[2]}


def python(ask):
    """The output of a program that only reads, run by the interpreter that a training here would find."""
    words = [ask.get("python") or "python3", "-", ask["argument"]]
    lines = [ask.get("setup") or ":", 'exec "$@"']
    try:
        done = subprocess.run(
            ["sh", "-c", "\n".join(lines), "sh", *words],
            input=ask["program"].encode(),
            capture_output=True,
            timeout=30.0,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise Trouble("timeout", f"{words[0]} gave no answer within 30 s.") from None
    except OSError as error:
        raise Trouble("no-python", f"{words[0]} could not be asked: {error}.") from None
    if done.returncode != 0:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise Trouble("no-python", f"{words[0]} could not be asked: {said[-1] if said else 'it failed'}.")
    return {"text": done.stdout.decode("utf-8", "replace")}
