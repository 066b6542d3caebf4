"""Rewards that ms-swift knows by name: ours beside the installed package's own classes, read out of its source.

Prints one JSON line for each: name, our scores, theirs. The package is not imported: it wants a GPU's worth of libraries.
"""

from __future__ import annotations

import ast
import json
import os
import random
import re
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Dict, List, Optional, Union

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "python"))

from grpo_lens.frameworks.swift_rewards import BUILTIN, DEFAULTS, Settings  # noqa: E402

SITE = next(Path(entry) for entry in sys.path if entry.endswith("site-packages"))
NAMES = ("ORM", "MathAccuracy", "Format", "ReActFormat", "CosineReward", "RepetitionPenalty", "SoftOverlong")


def theirs() -> dict:
    tree = ast.parse((SITE / "swift/rewards/orm.py").read_text(encoding="utf-8"))
    found = [node for node in tree.body if isinstance(node, ast.ClassDef) and node.name in NAMES]
    assert len(found) == len(NAMES), [node.name for node in found]
    space = {"re": re, "json": json, "os": os, "List": List, "Dict": Dict, "Optional": Optional, "Union": Union}
    exec(compile(ast.Module(found, []), "orm.py", "exec"), space)
    return {name: space[BUILTIN[name].__name__] for name in BUILTIN}


def texts() -> list:
    chance = random.Random(7)
    parts = ["<think>", "</think>", "<answer>", "</answer>", "\n", " ", "a b c", "3", "\\boxed{3}", "Action:", "Action Input:", "{}", "3.0", "4"]
    made = ["".join(chance.choices(parts, k=chance.randrange(12))) for _ in range(600)]
    right = [f"<think>{part}</think>{gap}<answer>{part}</answer>" for part in ("3", "4", "a\nb", "$3$") for gap in ("", "\n", " x ")]
    return [*made, *right, "", "<think>a</think> Action: b Action Input: {}"]


def main() -> None:
    completions, own = texts(), theirs()
    known = {**DEFAULTS, "cosine_max_len": 20, "soft_max_length": 24, "soft_cache_length": 8}
    more = {
        "solution": [("3", "<answer>4</answer>", "$3$", "not a number")[at % 4] for at in range(len(completions))],
        "response_token_ids": [list(range(len(text) % 30)) for text in completions],
    }
    for name, ours in BUILTIN.items():
        mine = ours(Settings(known))(completions, **more)
        other = own[name](SimpleNamespace(**known))(completions, **more)
        print(json.dumps({"name": name, "ours": mine, "theirs": other}))


main()
