"""What a trainer would make of this reward: checks that can be made before training.

Each finding has a rule, a weight, a line of the reward's file and one sentence; what a framework does with the value in
question is said by the framework's own module (`CONTRACT`).
"""

from __future__ import annotations

import ast
import os
import sys
from typing import Any

from . import cells, stubs
from .load import Loaded, place
from .rows import Rows

_SHOWN = 3


def contract(loaded: Loaded, rows: Rows, scored: dict, check: dict) -> list[dict]:
    made = _Findings(loaded)
    _columns(made, rows)
    _values(made, scored)
    _returned(made, scored)
    _dependence(made, check)
    _paths(made)
    if loaded.script:
        made.add("script", "hint", "This file trains when it is run: only its imports and definitions were run here.")
    for rule, weight, sentence in loaded.framework.checked(loaded.reward, loaded.source):
        made.add(rule, weight, sentence)
    return made.found


class _Findings:
    def __init__(self, loaded: Loaded) -> None:
        self.loaded = loaded
        self.found: list[dict] = []

    def add(self, rule: str, weight: str, text: str, line: int | None = None, **more: str) -> None:
        place = line or self.loaded.reward.line
        self.found.append({"rule": rule, "weight": weight, "line": place, "text": text, **more})

    def effect(self, rule: str) -> str:
        """What its trainer does in this case, as the end of a sentence."""
        known = self.loaded.framework.CONTRACT
        usual = known.get("wrong-length") if rule == "length-one" else None
        return known.get(rule) or usual or "what its trainer does then is not known"


def _columns(made: _Findings, rows: Rows) -> None:
    reward = made.loaded.reward
    if reward.call == "own":
        return
    for name in reward.needs:
        if name not in rows.columns:
            made.add(
                "missing-column",
                "error",
                f"{reward.name} needs the column `{name}`, which these samples do not have; {made.effect('missing-column')}.",
            )


def _values(made: _Findings, scored: dict) -> None:
    scores = scored["scores"]
    for word, what in (("none", "None"), ("nan", "NaN")):
        samples = [at for at, score in enumerate(scores) if score == word]
        if samples:
            many = f"{len(samples)} of {len(scores)} samples ({_some(samples)})"
            made.add(f"gives-{word}", "warning", f"It gives {what} for {many}; {made.effect(word)}.")
    infinite = [at for at, score in enumerate(scores) if score in ("inf", "-inf")]
    if infinite:
        text = f"It gives an infinite reward for {len(infinite)} samples ({_some(infinite)}); the advantages of their groups become NaN."
        made.add("gives-infinity", "error", text)


def _returned(made: _Findings, scored: dict) -> None:
    for error in scored["errors"]:
        if error["type"] == "Contract":
            rule = "wrong-length" if " rewards for " in error["message"] else "wrong-type"
            effect = "length-one" if "returned 1 rewards" in error["message"] else rule
            made.add(rule, "error", f"In a batch {error['message']}; {made.effect(effect)}.", error.get("line"))
        elif error["type"] == "TypeError" and "argument" in error["message"]:
            made.add("signature", "error", f"It cannot be called as in training: {error['message']}.")
        elif error["type"] == "KeyError" and _is_taken(made.loaded, error):
            name, effect = error["message"].strip("'"), "training without it stops there, too"
            text = f"{made.loaded.reward.name} takes the column `{name}`, which these samples do not have; {effect}."
            made.add("missing-column", "error", text, error.get("line"))


def _is_taken(loaded: Loaded, error: dict) -> bool:
    """Whether the line that raised takes the key from the keywords that the trainer passes: `kwargs['name']`."""
    lines = loaded.source.splitlines()
    line = lines[error["line"] - 1] if error.get("line", 0) <= len(lines) and error.get("line") else ""
    return any(f"kwargs[{quote}{error['message'].strip(quote)}{quote}]" in line for quote in "'\"")


def _dependence(made: _Findings, check: dict) -> None:
    texts = {
        "non-deterministic": "gives other scores when it is called again with the same samples",
        "stateful": "remembers earlier calls: the same samples score differently the second time",
        "order": "depends on the order of the samples in a batch",
        "batch": "depends on which samples are in a batch together; offline only the recorded batches can be reproduced",
        "per-group": "depends on the other completions of a sample's group",
    }
    text = texts.get(check["kind"])
    if text is None:
        return
    example = check.get("example")
    shown = f" (sample {example['sample']}: {example['batch']} against {example['alone']})" if example else ""
    weight = "hint" if check["kind"] == "per-group" else "warning"
    made.add(f"{check['kind']}-reward", weight, f"This reward {text}: {check['differs']} scores differ{shown}.")


def _paths(made: _Findings) -> None:
    """Modules that training finds only if a folder is on its path: the reward's own, or one above it."""
    loaded = made.loaded
    root, own, _ = place(loaded.module.__file__ or "")
    wanted: dict[str, list[str]] = {}
    for name, folder in stubs.log.paths.items():
        wanted.setdefault(folder, []).append(name)
    if not loaded.framework.ADDS_FOLDER:
        helpers = [name for name, module in list(sys.modules.items()) if name != own and _is_in(module, root)]
        if helpers:
            wanted[root] = helpers
    for folder, names in wanted.items():
        text = f"Training finds {', '.join(sorted(names)[:_SHOWN])} only if {folder} is on PYTHONPATH."
        made.add("needs-path", "warning", text, _imported_at(loaded.source, names), path=folder)


def _imported_at(source: str, names: list[str]) -> int | None:
    """Line of the file's first import of one of these modules."""
    for node in ast.walk(cells.parse(source)):
        plain = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        named = [node.module] if isinstance(node, ast.ImportFrom) and node.module and not node.level else []
        if any(name.split(".")[0] in names for name in [*plain, *named]):
            return node.lineno
    return None


def _is_in(module: Any, root: str) -> bool:
    file = getattr(module, "__file__", None)
    return bool(file) and os.path.dirname(os.path.abspath(file)) == root


def _some(samples: list[int]) -> str:
    shown = ", ".join(f"#{sample}" for sample in samples[:_SHOWN])
    return shown + (", …" if len(samples) > _SHOWN else "")
