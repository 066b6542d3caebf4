"""Scores one sample by a plain call, for a debugger to stop in: `python -m grpo_lens.debug SAMPLE.json`.

The file holds `path`, `reward`, `columns` (of one row), `conversational`, and what a configuration gives: `keywords`,
`settings`.
"""

from __future__ import annotations

import json
import sys
import tokenize

from .load import load_asked
from .problem import Problem
from .rows import Rows
from .scores import listed


def main(arguments: list[str]) -> int:
    with open(arguments[0], encoding="utf-8") as file:
        asked = json.load(file)
    with tokenize.open(asked["path"]) as file:
        source = file.read()
    rows = Rows(asked["columns"], asked.get("conversational", False))
    try:
        loaded = load_asked({**asked, "source": source})
    except Problem as problem:
        print(problem, file=sys.stderr)
        return 2
    returned = loaded.framework.caller(loaded.target, rows, loaded.reward)(0, rows.size)
    print(f"{asked['reward']} gave {listed(returned, rows.size)[0]!r}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
