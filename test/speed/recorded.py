"""CPU milliseconds that recording adds to a step: rewards of a recorded run are called again, plain and wrapped."""

import atexit
import json
import os
import shutil
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(sys.argv[1], "python"))
from grpo_lens.record import record


def main() -> None:
    steps = json.load(sys.stdin)
    folder = tempfile.mkdtemp(prefix="grpo-lens-bench-")
    atexit.register(shutil.rmtree, folder)
    given = {"scores": []}
    rewards = [
        record(lambda completions, **kwargs: given["scores"][0], folder, name="first"),
        record(lambda completions, **kwargs: given["scores"][1], folder, name="second"),
    ]
    times = []
    for step in steps:
        given["scores"] = step.pop("scores")
        start = time.process_time()
        for reward in rewards:
            reward(**step)
        times.append((time.process_time() - start) * 1000)
    print(sorted(times)[len(times) // 2])


main()
