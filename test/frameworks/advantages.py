"""Advantages by the frameworks' own code: their statements, read out of the installed packages and run on our numbers.

Standard input: {"framework", "variant", "batches": [{"groups": [[[component or null]]], "weights": [number]}]}.
Standard output: one list of groups of advantages for each batch. The packages are not imported: their trainers need GPUs.
"""

from __future__ import annotations

import ast
import json
import math
import os
import sys
from collections import defaultdict
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Dict, List, Optional, Tuple, Union

import numpy as np
import torch

SITE = next(Path(entry) for entry in sys.path if entry.endswith("site-packages"))


def functions(file: Path, *names: str, **more: Any) -> SimpleNamespace:
    """Functions of a file by name, without their decorators, in a namespace of their own."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    found = [node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name in names]
    assert len(found) == len(names), f"{file} has {[node.name for node in found]}"
    for node in found:
        node.decorator_list = []
    space = {"torch": torch, "np": np, "defaultdict": defaultdict, "Any": Any, "Dict": Dict, "List": List}
    space.update(Optional=Optional, Tuple=Tuple, Union=Union, AlgoConfig=dict, **more)
    exec(compile(ast.Module(found, []), str(file), "exec"), space)
    return SimpleNamespace(**{name: space[name] for name in names})


def trl(variant: str):
    """The stretch of `_generate_and_score_completions` from the unscorable rows to the advantages."""
    file = SITE / "trl/trainer/grpo_trainer.py"
    nanstd = functions(SITE / "trl/trainer/utils.py", "nanstd").nanstd
    wanted = [None]
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        body = getattr(node, "body", [])
        names = [ast.unparse(line.targets[0]) if isinstance(line, ast.Assign) else "" for line in body] if isinstance(body, list) else []
        if "unscorable_mask" in names:
            start = names.index("unscorable_mask")
            end = max(at for at, name in enumerate(names) if name == "advantages" and "nan_to_num" in ast.unparse(body[at]))
            wanted = body[start : end + 1]
    code = compile(ast.Module(wanted, []), str(file), "exec")

    def run(rewards: torch.Tensor, weights: torch.Tensor, size: int) -> torch.Tensor:
        aggregation = "normalize_then_sum" if variant == "normalize_then_sum" else "sum_then_normalize"
        self = SimpleNamespace(
            multi_objective_aggregation=aggregation,
            scale_rewards=variant,
            reward_weights=weights,
            reward_funcs=list(range(rewards.shape[1])),
        )
        space = {"torch": torch, "nanstd": nanstd, "self": self, "rewards_per_func": rewards}
        space.update(num_generations=size, device=rewards.device)
        exec(code, space)
        return space["advantages"]

    return run


def swift(variant: str):
    nanstd = functions(SITE / "swift/utils/torch_utils.py", "nanstd").nanstd
    compute = functions(SITE / "swift/rl_core/advantage.py", "compute_advantages", nanstd=nanstd).compute_advantages
    estimator, scale = variant.split(".")
    return lambda rewards, weights, size: compute(rewards, weights, size, estimator, scale)[0]


def verl(variant: str):
    name = {"grpo": "grpo", "grpo_no_std": "grpo", "grpo_passk": "grpo_passk", "rloo": "rloo", "gpg": "gpg"}[variant]
    function = f"compute_{name}_outcome_advantage"
    compute = getattr(functions(SITE / "verl/trainer/ppo/core_algos.py", function), function)
    more = {"norm_adv_by_std_in_grpo": False} if variant == "grpo_no_std" else {}
    if variant == "grpo_passk":
        more = {"config": {}}
    return outcome(compute, more)


def easyr1(variant: str):
    """EasyR1 is on no package index: `GRPO_LENS_EASYR1` names a checkout."""
    function = f"compute_{variant}_outcome_advantage"
    file = Path(os.environ["GRPO_LENS_EASYR1"]) / "verl/trainer/core_algos.py"
    return outcome(getattr(functions(file, function), function), {})


def outcome(compute: Any, more: dict):
    def run(rewards: torch.Tensor, weights: torch.Tensor, size: int) -> torch.Tensor:
        sums = (rewards * weights).sum(dim=1, keepdim=True)
        index = np.repeat(np.arange(len(sums) // size), size)
        return compute(sums, torch.ones_like(sums), index, **more)[0][:, 0]

    return run


def advantages(run: Any, batch: dict) -> list:
    groups = batch["groups"]
    size = len(groups[0])
    rows = [[math.nan if value is None else value for value in row] for group in groups for row in group]
    weights = torch.tensor(batch["weights"], dtype=torch.float64)
    found = run(torch.tensor(rows, dtype=torch.float64), weights, size).tolist()
    return [found[at : at + size] for at in range(0, len(found), size)]


def main() -> None:
    asked = json.load(sys.stdin)
    run = {"trl": trl, "swift": swift, "verl": verl, "easyr1": easyr1}[asked["framework"]](asked["variant"])
    json.dump([advantages(run, batch) for batch in asked["batches"]], sys.stdout)


main()
