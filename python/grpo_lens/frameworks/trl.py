"""TRL: functions over lists, called with keywords only (trl/trainer/grpo_trainer.py:_calculate_rewards @ f2cd57710)."""

from __future__ import annotations

import ast
from typing import Any, Iterator

from ..calling import TrainerState, settled
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


def find(tree: ast.Module) -> Iterator[Reward]:
    for function in functions(tree):
        takes = signature(function)
        if "completions" in takes.names:
            is_async = isinstance(function, ast.AsyncFunctionDef)
            needs = takes.needs(*_ALWAYS)
            yield Reward(function.name, function.lineno, "function", ID, is_async, needs, takes.takes_any)


def prepare(target: Any) -> Any:
    return target


def call(target: Any, rows: Rows, reward: Reward) -> Any:
    """Conversational prompts (lists of messages) give conversational completions, plain ones give strings."""
    completions = [_message(text) if rows.conversational else text for text in rows.texts]
    ids = rows.get("completion_ids") or [Unknown("completion_ids") for _ in completions]
    steps = rows.get("step") or [None]
    return settled(
        target(
            prompts=rows.prompts,
            completions=completions,
            completion_ids=ids,
            trainer_state=TrainerState(steps[0]),
            log_extra=lambda column, values: None,
            log_metric=lambda name, value: None,
            **rows.besides("prompt", "completion", "completion_ids", "step"),
        )
    )


def _message(text: str) -> list[dict[str, str]]:
    return [{"role": "assistant", "content": text}]
