"""ms-swift: classes over lists, made by `cls(args=…)` (swift/rewards/orm.py @ 3602360a5; `swift.plugin` in 3.x)."""

from __future__ import annotations

import ast
import inspect
import logging
from typing import Any, Iterator

from ..calling import Caller, TrainerState, settled
from ..reward import Reward
from ..rows import Rows
from ..stubs import Unknown
from ..syntax import Function, classes, last_name, method, signature, statements
from .swift_rewards import BUILTIN, Settings

ID = "swift"
STUBS = ("swift",)
TOTAL = None

_BASES = ("ORM", "AsyncORM")
_REGISTRY = "orms"
_ALWAYS = (
    "completions",
    "messages",
    "prompt_id",
    "request_id",
    "finish_reason",
    "is_truncated",
    "rollout_infos",
    "response_token_ids",
    "trainer_state",
)


class ORM:
    def __init__(self, args: Any = None, **kwargs: Any) -> None:
        self.args = args

    def __call__(self, **kwargs: Any) -> list:
        raise NotImplementedError


class AsyncORM(ORM):
    async def __call__(self, **kwargs: Any) -> list:
        raise NotImplementedError


class PRM(ORM):
    pass


class RowPreprocessor:
    """As swift/dataset/preprocessor/core.py has it, without the mapping over data sets."""

    def __init__(self, **kwargs: Any) -> None:
        pass

    def preprocess(self, row: dict) -> dict:
        return row


class ResponsePreprocessor(RowPreprocessor):
    """Makes `messages` of `system`, `history`, `query` and `response`."""

    def preprocess(self, row: dict) -> dict:
        pairs = [*(row.pop("history", None) or []), [row.pop("query", None), row.pop("response", None)]]
        system = row.pop("system", None)
        messages = [{"role": "system", "content": system}] if system else []
        for pair in pairs:
            named = zip(("user", "assistant"), pair)
            messages += [{"role": role, "content": text} for role, text in named if text is not None]
        return {**row, "messages": messages}


orms: dict[str, Any] = {}
_OWN = {rule.__name__: rule for rule in BUILTIN.values()}
_BASIC = {"ORM": ORM, "AsyncORM": AsyncORM, "PRM": PRM, "orms": orms, "prms": {}, "rm_plugins": {}}
_NAMES = {**_BASIC, **_OWN}
_DATA = {"ResponsePreprocessor": ResponsePreprocessor, "RowPreprocessor": RowPreprocessor}
MODELLED: dict[str, dict[str, Any]] = {
    "swift": {},
    "swift.llm": _DATA,
    "swift.llm.dataset": _DATA,
    "swift.dataset": _DATA,
    "swift.dataset.preprocessor": _DATA,
    "swift.llm.plugin": _NAMES,
    "swift.plugin": _NAMES,
    "swift.plugin.orm": _NAMES,
    "swift.rewards": _NAMES,
    "swift.rewards.orm": _NAMES,
    "swift.utils": {"get_logger": lambda *_, **__: logging.getLogger("swift")},
}


ADDS_FOLDER = True
"""`--external_plugins` puts the plugin's folder on the path."""

CONTRACT = {
    "none": "ms-swift turns None into NaN and leaves it out of the weighted sum (nansum): where every reward is None the total is 0",
    "nan": "ms-swift leaves NaN out of the weighted sum, as it does None",
    "length-one": "ms-swift broadcasts it or stops, depending on the version",
    "wrong-length": "ms-swift stops with a shape error",
    "wrong-type": "ms-swift stops when it makes a tensor of it",
    "missing-column": "ms-swift calls it without and stops with a TypeError",
}


def checked(reward: Reward, source: str) -> list[tuple[str, str, str]]:
    found = []
    if not reward.registered:
        text = f"{reward.name} is not registered: --reward_funcs finds it only after `orms['name'] = {reward.name}`."
        found.append(("unregistered", "warning", text))
    if not reward.takes_any:
        text = f"{reward.name}.__call__ takes no **kwargs: ms-swift passes every column and trainer_state by keyword."
        found.append(("no-kwargs", "error", text))
    if reward.is_async and "swift.plugin" in source and "AsyncORM" not in source:
        text = f"{reward.name} is async: ms-swift awaits it from 4.0 on; 3.x, where swift.plugin is from, gets a coroutine."
        found.append(("async", "error", text))
    return found


def find(tree: ast.Module) -> Iterator[Reward]:
    known = classes(tree)
    registered = _registered(tree)
    for name, node in known.items():
        call = _call_of(node, known)
        if call is None or name.startswith("_") or not (_is_orm(node, known) or name in registered):
            continue
        takes = signature(call, bound=True)
        is_async = isinstance(call, ast.AsyncFunctionDef)
        names = tuple(registered.get(name, ()))
        yield Reward(name, node.lineno, "class", ID, is_async, takes.needs(*_ALWAYS), takes.takes_any, names)


def prepare(target: Any, settings: dict) -> Any:
    """An instance: 4.x gives `args`, 3.x only what the constructor takes; of the arguments, what a configuration says is
    known."""
    if not isinstance(target, type):
        return target
    takes = inspect.signature(target).parameters.values()
    if any(p.name == "args" or p.kind is inspect.Parameter.VAR_KEYWORD for p in takes):
        return target(args=Settings(settings))
    return target()


def caller(target: Any, rows: Rows, reward: Reward) -> Caller:
    texts = rows.texts
    columns = rows.besides("prompt", "completion", "step")
    for name in _ALWAYS[2:-1]:
        columns.setdefault(name, [Unknown(name)] * len(texts))
    columns.setdefault("messages", _messages(rows, texts))
    steps = rows.get("step") or [None] * rows.size

    def call(start: int, end: int) -> Any:
        part = {name: values[start:end] for name, values in columns.items()}
        return settled(target(texts[start:end], **part, trainer_state=TrainerState(steps[start])))

    return call


def _messages(rows: Rows, texts: list[str]) -> list:
    prompts = rows.get("prompt") or [Unknown("messages")] * len(texts)
    answers = ([{"role": "assistant", "content": text}] for text in texts)
    return [prompt + answer if isinstance(prompt, list) else prompt for prompt, answer in zip(prompts, answers)]


def _registered(tree: ast.Module) -> dict[str, list[str]]:
    """Class → the names in `orms['name'] = Class`."""
    found: dict[str, list[str]] = {}
    for node in statements(tree):
        if not isinstance(node, ast.Assign) or not isinstance(node.value, ast.Name):
            continue
        for target in node.targets:
            if isinstance(target, ast.Subscript) and last_name(target.value) == _REGISTRY:
                index = getattr(target.slice, "value", target.slice)
                if isinstance(index, str):
                    found.setdefault(node.value.id, []).append(index)
    return found


def _is_orm(node: ast.ClassDef, known: dict[str, ast.ClassDef], depth: int = 0) -> bool:
    for base in map(last_name, node.bases):
        if base in _BASES or (base in known and depth < 9 and _is_orm(known[base], known, depth + 1)):
            return True
    return False


def _call_of(node: ast.ClassDef, known: dict[str, ast.ClassDef], depth: int = 0) -> Function | None:
    own = method(node, "__call__")
    if own is not None or depth > 9:
        return own
    inherited = (_call_of(known[base], known, depth + 1) for base in map(last_name, node.bases) if base in known)
    return next((call for call in inherited if call is not None), None)
