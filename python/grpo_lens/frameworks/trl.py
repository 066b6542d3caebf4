"""TRL: functions over lists, called with keywords only (trl/trainer/grpo_trainer.py:_calculate_rewards @ f2cd57710)."""

from __future__ import annotations

import ast
from typing import Any, Iterator

from ..calling import Caller, TrainerState, settled
from ..reward import Reward
from ..rows import Rows
from ..stubs import Unknown
from ..syntax import functions, signature

ID = "trl"
STUBS = ("trl",)
MODELLED: dict[str, dict[str, Any]] = {}
TOTAL = None

_ALWAYS = (
    "prompts",
    "completions",
    "completion_ids",
    "trainer_state",
    "log_extra",
    "log_metric",
    "environments",
)


ADDS_FOLDER = True
"""`trl` puts the current folder on the path."""

CONTRACT = {
    "none": "TRL turns None into NaN, which is left out of the weighted sum; where every reward is None the completion gets advantage 0",
    "nan": "TRL leaves NaN out of the weighted sum, as it does None",
    "length-one": "TRL broadcasts a list of one to the whole batch without a word (trl#6533)",
    "wrong-length": "TRL stops with a shape error",
    "wrong-type": "TRL stops when it makes a tensor of it",
    "missing-column": "TRL calls it without and stops with a TypeError",
}


def checked(reward: Reward, source: str) -> list[tuple[str, str, str]]:
    if reward.takes_any:
        return []
    text = f"{reward.name} takes no **kwargs: TRL passes prompts, completion_ids, trainer_state and every column by keyword."
    return [("no-kwargs", "error", text)]


def find(tree: ast.Module) -> Iterator[Reward]:
    for function in functions(tree):
        takes = signature(function)
        if "completions" in takes.names:
            is_async = isinstance(function, ast.AsyncFunctionDef)
            needs = takes.needs(*_ALWAYS)
            yield Reward(function.name, function.lineno, "function", ID, is_async, needs, takes.takes_any)


def prepare(target: Any, settings: dict) -> Any:
    return target


def caller(target: Any, rows: Rows, reward: Reward) -> Caller:
    """Conversational prompts (lists of messages) give conversational completions, plain ones give strings."""
    texts = rows.texts
    messages = [_message(text) for text in texts]
    completions = messages if rows.conversational else texts
    ids = rows.get("completion_ids") or [Unknown("completion_ids")] * len(completions)
    columns = rows.besides("prompt", "completion", "completion_ids", "step")
    lists = {**columns, "prompts": rows.prompts, "completions": completions, "completion_ids": ids}
    steps = rows.get("step") or [None] * rows.size
    logs = {"log_extra": lambda column, values: None, "log_metric": lambda name, value: None}

    def call(start: int, end: int) -> Any:
        part = {name: values[start:end] for name, values in lists.items()}
        return settled(target(**part, **logs, trainer_state=TrainerState(steps[start])))

    def either(start: int, end: int) -> Any:
        """Nothing tells whether the data set held messages: a reward that cannot read texts is given messages."""
        try:
            return call(start, end)
        except (TypeError, AttributeError, KeyError, IndexError) as error:
            if lists["completions"] is messages:
                raise
            lists["completions"] = messages
            try:
                return call(start, end)
            except Exception:
                if str(error).startswith("string ind"):
                    raise
                lists["completions"] = texts
            raise

    return call if rows.conversational else either


def _message(text: str) -> list[dict[str, str]]:
    return [{"role": "assistant", "content": text}]
