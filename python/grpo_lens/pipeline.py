"""Runs steps one after the other: `pipeline.py --state FILE STEPS`, where STEPS is JSON of name, command, makes.

What was done is kept in the state file; run again, steps that are done are left out, as long as their command is the
same and what they make is still there. The first step that fails ends the pipeline with its status.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import signal
import subprocess
import sys
import time
from typing import Any

from grpo_lens.choring import Refused, written


def key(step: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps([step["command"], step.get("env")], sort_keys=True).encode()).hexdigest()


def known(path: str) -> dict[str, Any]:
    try:
        with open(path, encoding="utf-8") as file:
            state = json.load(file)
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise Refused(f"{path} cannot be understood ({error}): move it away to begin anew.") from None
    return state if isinstance(state, dict) else {}


def is_done(step: dict[str, Any], state: dict[str, Any]) -> bool:
    seen = state.get(step["name"])
    return isinstance(seen, dict) and seen.get("key") == key(step) and all(map(os.path.exists, step.get("makes", [])))


def run(steps: list[dict[str, Any]], path: str) -> int:
    state = known(path)
    fresh = False
    for number, step in enumerate(steps, 1):
        head = f"step {number} of {len(steps)}: {step['name']}"
        if not fresh and is_done(step, state):
            print(f"{head}: done before, left out.", flush=True)
            continue
        fresh = True
        print(head, flush=True)
        begun = time.time()
        status = call(step)
        if status:
            print(f"pipeline: {step['name']} ended with status {status}; run it again to go on there.", file=sys.stderr)
            return status
        missing = [one for one in step.get("makes", []) if not os.path.exists(one)]
        if missing:
            raise Refused(f"{step['name']} ended well, but did not make {', '.join(missing)}.")
        state[step["name"]] = {"key": key(step), "seconds": round(time.time() - begun, 1), "endedAt": time.time()}
        with written(path) as file:
            json.dump(state, file, indent=1)
    print("The step is done." if len(steps) == 1 else f"All {len(steps)} steps are done.")
    return 0


def call(step: dict[str, Any]) -> int:
    """The step's status; asked to stop, the step is asked too, and its end is waited for."""
    try:
        child = subprocess.Popen(step["command"], env={**os.environ, **step.get("env", {})})
    except OSError as error:
        raise Refused(f"{step['name']}: {step['command'][0]} cannot be started: {error.strerror}.") from None
    before = signal.signal(signal.SIGTERM, lambda *_: child.terminate())
    try:
        status = child.wait()
    finally:
        signal.signal(signal.SIGTERM, before)
    return 128 - status if status < 0 else status


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="pipeline", description="Runs steps, each once.")
    parser.add_argument("--state", required=True, help="file that remembers what was done")
    parser.add_argument("steps", help="JSON: a list of name, command and makes")
    asked = parser.parse_args(arguments)
    try:
        return run(json.loads(asked.steps), asked.state)
    except Refused as error:
        print(f"pipeline: {error}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
