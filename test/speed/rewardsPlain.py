"""What plain Python takes: `ratio FILE REWARD` prints traced time over a plain loop's for the samples of standard input;
`each FILE REWARD` prints the milliseconds of one plain call, after a first one that warms caches."""

import importlib.util
import json
import os
import statistics
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "python"))

from grpo_lens.limits import Limits  # noqa: E402
from grpo_lens.load import load_asked  # noqa: E402
from grpo_lens.rows import Rows  # noqa: E402
from grpo_lens.trace import paths  # noqa: E402
from grpo_lens.trace.recorder import Paths  # noqa: E402
from grpo_lens.trace.traced import Traced  # noqa: E402


def asked(path, reward):
    with open(path, encoding="utf-8") as file:
        return {"source": file.read(), "path": os.path.abspath(path), "reward": reward, "timeout": 10}


def ratio(path, reward, columns):
    args, rows, limits = asked(path, reward), Rows(columns), Limits(tempfile.TemporaryFile(), None)

    def traced():
        rewritten = Traced(args, Paths())
        rewritten.close()
        job = paths.Job(rewritten, rows, range(rows.size), 10, limits, lambda: False, lambda _: None)
        began = time.perf_counter()
        paths.run(job, paths.blank(rows.size))
        return time.perf_counter() - began

    def plain():
        loaded = load_asked(args)
        call = loaded.framework.caller(loaded.target, rows, loaded.reward)
        began = time.perf_counter()
        for at in range(rows.size):
            call(at, at + 1)
        return time.perf_counter() - began

    pairs = [(traced(), plain()) for _ in range(7)]
    return statistics.median(one / other for one, other in pairs)


def each(path, reward, columns):
    spec = importlib.util.spec_from_file_location("plain", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    call, size = getattr(module, reward), len(columns["completion"])
    texts, truths = columns["completion"], columns["solution"]
    call(completions=texts[:1], solution=truths[:1])
    began = time.perf_counter()
    for at in range(size):
        call(completions=texts[at : at + 1], solution=truths[at : at + 1])
    return (time.perf_counter() - began) / size * 1e3


print({"ratio": ratio, "each": each}[sys.argv[1]](*sys.argv[2:4], json.load(sys.stdin)))
