"""What the ways of calling a reward have in common."""

from __future__ import annotations

import asyncio
import inspect
from typing import Any, Callable

from .stubs import Unknown

Caller = Callable[[int, int], Any]
"""What a reward returns for the rows [start, end); the columns are prepared once."""

_loop: list[asyncio.AbstractEventLoop] = []


def settled(value: Any) -> Any:
    """The value of a coroutine, or the value itself."""
    return _run(_awaited(value)) if inspect.isawaitable(value) else value


def settled_all(values: list) -> list:
    """Coroutines among the values run together, as a trainer gathers them."""
    if not any(inspect.isawaitable(value) for value in values):
        return values
    return _run(_gathered(values))


def _run(coroutine: Any) -> Any:
    """One loop for all calls: a new one for each sample would cost more than most rewards."""
    if not _loop or _loop[0].is_closed() or _loop[0].is_running():
        _loop[:] = [asyncio.new_event_loop()]
    return _loop[0].run_until_complete(coroutine)


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
