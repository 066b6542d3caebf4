"""Looks whether this host can work without a network: `offline.py [--model DIR]… [--data FILE]… [PACKAGE…]`.

What Hugging Face's libraries read to stay at home must be set, models and data must lie on the disk, packages must be
installed. Status 1 where something is missing.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import socket
import sys

VARIABLES = ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE", "HF_DATASETS_OFFLINE")
TRUE = {"1", "true", "yes", "on"}
HUBS = ("huggingface.co", "modelscope.cn")


def variables() -> list[tuple[bool, str]]:
    found = [(os.environ.get(name, "").lower() in TRUE, f"{name}=1 is set") for name in VARIABLES]
    tracking = os.environ.get("WANDB_MODE", "")
    return [*found, (tracking in ("offline", "disabled", ""), f"WANDB_MODE is {tracking or 'not set'}")]


def model(path: str) -> tuple[bool, str]:
    """A model folder is whole when it has its configuration and each file of its index."""
    if not os.path.isdir(path):
        return False, f"{path} is a folder on this host"
    if not os.path.isfile(os.path.join(path, "config.json")):
        return False, f"{path} holds config.json"
    index = os.path.join(path, "model.safetensors.index.json")
    if os.path.isfile(index):
        try:
            with open(index, encoding="utf-8") as file:
                wanted = sorted(set(json.load(file)["weight_map"].values()))
        except (OSError, ValueError, KeyError):
            return False, f"{index} can be read"
    else:
        wanted = ["model.safetensors"]
    missing = [name for name in wanted if not os.path.isfile(os.path.join(path, name))]
    told = f"{path} holds its {len(wanted)} weight files"
    return not missing, told + (f" (missing: {', '.join(missing[:3])})" if missing else "")


def installed(module: str) -> bool:
    try:
        return importlib.util.find_spec(module) is not None
    except (ImportError, ValueError):
        return False


def reachable(host: str) -> bool:
    try:
        with socket.create_connection((host, 443), timeout=2):
            return True
    except OSError:
        return False


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="offline", description="Can this host work without a network?")
    parser.add_argument("packages", nargs="*")
    parser.add_argument("--model", action="append", default=[])
    parser.add_argument("--data", action="append", default=[])
    parser.add_argument("--no_network", action="store_true", help="do not try the hubs")
    asked = parser.parse_args(arguments)
    checks = variables()
    checks += [model(path) for path in asked.model]
    checks += [(os.path.isfile(path), f"{path} is on this host") for path in asked.data]
    checks += [(installed(name), f"{name} is installed") for name in asked.packages]
    for good, what in checks:
        print(f"{'ok  ' if good else 'MISS'} {what}")
    if not asked.no_network:
        print("; ".join(f"{host} is {'' if reachable(host) else 'not '}within reach" for host in HUBS))
    short = sum(not good for good, _ in checks)
    print("Ready to work without a network." if not short else f"{short} things are missing.")
    return 1 if short else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
