"""What the ways of calling a reward have in common."""

from __future__ import annotations

import asyncio
import inspect
from typing import Any

from .stubs import Unknown


def settled(value: Any) -> Any:
    """The value of a coroutine, or the value itself."""
    return asyncio.run(_awaited(value)) if inspect.isawaitable(value) else value


def settled_all(values: list) -> list:
    """Coroutines among the values run together, as a trainer gathers them."""
    if not any(inspect.isawaitable(value) for value in values):
        return values
    return asyncio.run(_gathered(values))


async def _awaited(value: Any) -> Any:
    return await value


async def _gathered(values: list) -> list:
    async def one(value: Any) -> Any:
        return await value if inspect.isawaitable(value) else value

    return list(await asyncio.gather(*map(one, values)))


class TrainerState:
    """The trainer's state as far as a record knows it: the step; all else raises when it is used."""

    def __init__(self, step: Any) -> None:
        self.global_step = step if step is not None else Unknown("trainer_state.global_step")

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return Unknown(f"trainer_state.{name}")
