"""Every reward of every file of a folder, by our loader and by plain Python, sample by sample.

`python plugins.py FOLDER` prints one JSON line for each reward: `{"file", "reward", "ours", "plain", "how"}`; a score is
a number or a word, an exception the name of its type. Nothing is fetched. Plain Python gets the least that the files
import of ms-swift, and empty names for the training libraries that are not installed.
"""

from __future__ import annotations

import asyncio
import importlib.abc
import importlib.machinery
import importlib.util
import inspect
import json
import math
import os
import subprocess
import sys
import tempfile
import types
from unittest import mock

LIBRARIES = (
    *("swift", "trl", "verl", "transformers", "torch", "datasets", "accelerate", "vllm", "deepspeed", "peft", "ray"),
    *("modelscope", "PIL", "qwen_vl_utils", "openai", "wandb", "open_r1", "torchvision", "tensordict"),
)
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
TEXTS = [
    ("<think>1 + 1</think>\n<answer>2</answer>", "2"),
    ("<think>\nlong\n</think>\n<answer> 3 </answer>", "<answer>3</answer>"),
    ("The answer is \\boxed{4}.", "4"),
    ("<answer>(5 + 5)</answer>", "10"),
    ("", "7"),
    ("#### 42", "42"),
    ("<think>a</think><answer>B</answer>", "B"),
    ("<think>x</think><answer>[0.5, 0.5, 2, 2]</answer>", "[0.4, 0.5, 2, 2]"),
]
ROWS = [
    {
        "prompt": "How many?",
        "completion": completion,
        "solution": solution,
        "answer": solution,
        "target": 10,
        "nums": [5, 5],
        "problem_type": "numerical",
        "completion_ids": list(range(len(completion))),
        "response_length": len(completion),
        "data_source": "openai/gsm8k",
        "step": 1,
    }
    for completion, solution in TEXTS
]
COLUMNS = {name: [row[name] for row in ROWS] for name in ROWS[0]}


class State:
    global_step = 1


class Nothing(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Training libraries that are not installed, as modules in which every name is there and does nothing."""

    def find_spec(self, name, path=None, target=None):
        return importlib.machinery.ModuleSpec(name, self, is_package=True) if name.split(".")[0] in LIBRARIES else None

    def create_module(self, spec):
        return type("Nowhere", (types.ModuleType,), {"__getattr__": lambda _, name: mocked(name)})(spec.name)

    def exec_module(self, module):
        module.__path__ = []


def mocked(name: str):
    """A class for what is called like one: it may be a base."""
    if name.startswith("__"):
        raise AttributeError(name)
    return type(name, (), {"__init__": lambda *_, **__: None}) if name[:1].isupper() else mock.MagicMock(name=name)


def swift() -> None:
    """The names of ms-swift that plugins import, as plain classes and dictionaries."""

    class ORM:
        def __init__(self, args=None, **kwargs):
            self.args = args

    names = {"ORM": ORM, "AsyncORM": ORM, "PRM": ORM, "orms": {}, "prms": {}, "rm_plugins": {}}
    for name in ("swift.plugin", "swift.rewards", "swift.rewards.orm"):
        importlib.import_module(name).__dict__.update(names)


def plain(path: str, found: dict) -> list:
    """Scores by a plain import and plain calls, as the framework's own trainer makes them."""
    sys.meta_path.append(Nothing())
    swift()
    sys.path.insert(0, os.path.dirname(path))
    sys.argv = [path]
    try:
        spec = importlib.util.spec_from_file_location("plugin", path)
        module = sys.modules["plugin"] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        target = getattr(module, found["name"])
        if isinstance(target, type):
            takes = inspect.signature(target).parameters.values()
            named = any(p.name == "args" or p.kind is p.VAR_KEYWORD for p in takes)
            target = target(args=None) if named else target()
        return [word(value) for value in calls(target, found)]
    except BaseException as error:
        return [type(error).__name__]


def calls(target, found: dict) -> list:
    texts, truths = COLUMNS["completion"], COLUMNS["solution"]
    call = found["call"]
    if call == "swift":
        more = {name: column for name, column in COLUMNS.items() if name not in ("prompt", "completion", "step")}
        return settle(target(texts, **more, trainer_state=State()))
    if call == "trl":
        more = {name: column for name, column in COLUMNS.items() if name not in ("prompt", "completion", "step")}
        logs = {"log_extra": lambda *_: None, "log_metric": lambda *_: None, "trainer_state": State()}
        messages = [[{"role": "assistant", "content": text}] for text in texts]
        try:
            return settle(target(prompts=COLUMNS["prompt"], completions=texts, **more, **logs))
        except (TypeError, AttributeError, KeyError):
            return settle(target(prompts=COLUMNS["prompt"], completions=messages, **more, **logs))
    if call == "verl" and found["shape"] == "single":
        extra = {"num_turns": None, "rollout_reward_scores": {}}
        given = zip(COLUMNS["data_source"], texts, truths)
        if takes_text_and_truth_only(target):
            return [settle(target(solution_str=text, ground_truth=truth)) for _, text, truth in given]
        return [
            settle(target(data_source=source, solution_str=text, ground_truth=truth, extra_info=dict(extra)))
            for source, text, truth in given
        ]
    if call == "verl":
        extras = [{"num_turns": None, "rollout_reward_scores": {}} for _ in texts]
        lists = {"data_sources": COLUMNS["data_source"], "solution_strs": texts, "ground_truths": truths}
        return settle(target(**lists, extra_infos=extras))
    if call == "easyr1":
        first = next(iter(inspect.signature(target).parameters))
        if first in ("predicts", "predict_str", "predict"):
            return target(texts, truths) if found["shape"] == "batch" else [target(*pair) for pair in zip(texts, truths)]
        inputs = [
            {"response": text, "response_length": len(text), "ground_truth": truth} for text, truth in zip(texts, truths)
        ]
        return target(inputs) if found["shape"] == "batch" else [target(one) for one in inputs]
    two = len(inspect.signature(target).parameters) > 1
    return [target(text, truth) if two else target(text) for text, truth in zip(texts, truths)]


def takes_text_and_truth_only(target) -> bool:
    """As verl's own rules, which its default function and its forks call so (verl/utils/reward_score)."""
    takes = inspect.signature(target).parameters
    return "data_source" not in takes and not any(one.kind is one.VAR_KEYWORD for one in takes.values())


def settle(value):
    return asyncio.run(awaited(value)) if inspect.isawaitable(value) else value


async def awaited(value):
    return await value


def word(value):
    if isinstance(value, dict):
        value = value.get("overall", value.get("score"))
    if isinstance(value, (list, tuple)) and value:
        value = value[0]
    if value is None:
        return "none"
    number = float(value)
    return "nan" if math.isnan(number) else number


def ours(path: str, found: dict) -> list:
    sys.path.insert(0, os.path.join(ROOT, "python"))
    from grpo_lens.authority import Around, score
    from grpo_lens.limits import Limits
    from grpo_lens.prints import Prints
    from grpo_lens.problem import Problem
    from grpo_lens.rows import Rows

    spilled = tempfile.TemporaryFile("a+b", buffering=0)
    around = Around(Limits(spilled, None), Prints(spilled), lambda *_: None, lambda: False)
    with open(path, encoding="utf-8") as file:
        source = file.read()
    args = {"source": source, "path": path, "reward": found["name"], "timeout": 60, "batches": [[0, len(ROWS)]]}
    try:
        told = score({**args, "approximate": True}, Rows(COLUMNS), around)
    except Problem as problem:
        return ["Problem", str(problem)]
    if told["errors"] or "withheld" in told:
        return [told["errors"][0]["type"] if told["errors"] else "withheld", told.get("withheld", "")]
    return told["scores"]


def found_in(path: str) -> list:
    sys.path.insert(0, os.path.join(ROOT, "python"))
    from grpo_lens.find import find

    with open(path, encoding="utf-8") as file:
        return find(file.read(), path)["rewards"]


def aside(mode: str, path: str, found: dict) -> list:
    """One of the two in a process of its own."""
    asked = [sys.executable, __file__, mode, path, json.dumps(found)]
    done = subprocess.run(asked, capture_output=True, text=True, timeout=300, stdin=subprocess.DEVNULL)
    lines = [line for line in done.stdout.splitlines() if line.startswith("@@")]
    return json.loads(lines[-1][2:]) if lines else ["died", done.stderr[-300:]]


def compared(mine: list, theirs: list) -> str:
    """`equal` scores; `neither` gives any; `stood in`: plain Python lacks a module that we stand in for; else `different`."""
    if len(theirs) == 1 and isinstance(theirs[0], str):
        if len(mine) != len(ROWS) or isinstance(mine[0], str) and mine[0] not in ("none", "nan"):
            return "neither"
        return "stood in" if theirs == ["ModuleNotFoundError"] else "different"
    if mine[:1] == ["Unavailable"]:
        return "neither"
    equal = len(mine) == len(theirs) and all(map(alike, mine, theirs))
    return "equal" if equal else "different"


def alike(mine: object, theirs: object) -> bool:
    numbers = isinstance(mine, float) and isinstance(theirs, float)
    return mine == theirs or numbers and math.isclose(mine, theirs, rel_tol=1e-9)


def main(arguments: list) -> None:
    if arguments[0] in ("plain", "ours"):
        answer = (plain if arguments[0] == "plain" else ours)(arguments[1], json.loads(arguments[2]))
        print("@@" + json.dumps(answer))
        return
    for name in sorted(os.listdir(arguments[0])):
        path = os.path.join(os.path.abspath(arguments[0]), name)
        if not name.endswith(".py"):
            continue
        rewards = found_in(path)
        if not rewards:
            print(json.dumps({"file": name, "reward": None}), flush=True)
        for found in rewards:
            mine, theirs = aside("ours", path, found), aside("plain", path, found)
            told = {"file": name, "reward": found["name"], "call": found["call"], "ours": mine, "plain": theirs}
            print(json.dumps({**told, "how": compared(mine, theirs)}), flush=True)


main(sys.argv[1:])
