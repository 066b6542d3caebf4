"""Whose work a call of a whole batch is doing: lists that say which sample is being read.

Loops, comprehensions, `zip`, `enumerate`, `map`, indexing and slices all go through the lists, so that nothing has to be
known of the loop. Work on a tensor, an array or a plain copy belongs to no sample: it is the batch's. So does what
coroutines do that were gathered, and what other threads do.
"""

from __future__ import annotations

import functools
import threading
from typing import Any, Callable, Iterator

from .probes import BACK, BEGUN, DERIVED, ELEMENT, FILLED, GROWN, NOW


class Turn:
    """The sample that is worked on, by its place in the batch; None: the batch's work, or another thread's."""

    def __init__(self, ending: Callable[[Any], None]) -> None:
        """`ending` is told whose work ends, before the next one's begins."""
        self.sample: int | None = None
        self._ending = ending
        self._owner: Any = None
        self._comprehensions: list[list] = []
        self._thread = threading.get_ident()
        self.names: dict[str, Any] = {
            NOW: self._now,
            BACK: self._back,
            BEGUN: self._begun,
            ELEMENT: self._element,
            DERIVED: self._derived,
            GROWN: lambda: Batched([], self, []),
            FILLED: lambda values: Batched(values, self, [None] * len(values)) if type(values) is list else values,
        }

    @property
    def here(self) -> bool:
        return threading.get_ident() == self._thread

    def begin(self) -> None:
        self.sample, self._owner = None, None
        self._comprehensions.clear()

    def read(self, sample: int | None) -> None:
        """An element was read; within a loop over the batch, the loop's sample stays the one that is worked on."""
        if self._owner is None and sample is not None:
            self._to(sample)

    def over(self, values: Batched) -> Iterator:
        """Nested loops over the batch work on the outer one's sample."""
        mine, before = object(), self.sample
        try:
            for at, value in enumerate(list.__iter__(values)):
                sample = values.where[at]
                if self._owner is None and sample is not None:
                    self._owner = mine
                if self._owner is mine:
                    self._to(sample)
                yield value
        finally:
            if self._owner is mine:
                self._owner = None
                self._to(before)

    def _to(self, sample: int | None) -> None:
        if sample != self.sample and self.here:
            self._ending(self.sample)
            self.sample = sample

    def _now(self) -> tuple:
        return self.sample, self._owner

    def _back(self, before: tuple, value: Any = None) -> Any:
        """After a loop, the sample of before it is the one that is worked on."""
        self._to(before[0])
        self._owner = before[1]
        return value

    def _begun(self) -> list:
        self._comprehensions.append([])
        return self._comprehensions[-1]

    def _element(self, value: Any) -> Any:
        if self._comprehensions:
            self._comprehensions[-1].append(self.sample)
        return value

    def _derived(self, where: list, values: list) -> list:
        """A comprehension's list, whose elements belong to the samples that they were made of."""
        while self._comprehensions and self._comprehensions.pop() is not where:
            pass
        known = len(where) == len(values) and any(sample is not None for sample in where)
        return Batched(values, self, where) if known else values


class Batched(list):
    """A list whose elements belong to samples."""

    __slots__ = ("turn", "where")

    def __init__(self, values: list, turn: Turn, where: list) -> None:
        super().__init__(values)
        self.turn, self.where = turn, where

    def __iter__(self) -> Iterator:
        return self.turn.over(self)

    def __getitem__(self, key: Any) -> Any:
        value = list.__getitem__(self, key)
        if isinstance(key, slice):
            return Batched(value, self.turn, self.where[key])
        self.turn.read(self.where[key])
        return value

    def __setitem__(self, key: Any, value: Any) -> None:
        list.__setitem__(self, key, value)
        if isinstance(key, slice):
            self._lost()
        else:
            self.where[key] = self.turn.sample

    def append(self, value: Any) -> None:
        list.append(self, value)
        self.where.append(self.turn.sample)

    def _lost(self) -> None:
        self.where = [None] * len(self)

    def __reduce__(self) -> tuple:
        return list, (list.__getitem__(self, slice(None)),)

    __reduce_ex__ = lambda self, _protocol: self.__reduce__()  # noqa: E731


def _changing(name: str) -> Callable:
    plain = getattr(list, name)

    @functools.wraps(plain)
    def changed(self: Batched, *args: Any, **named: Any) -> Any:
        result = plain(self, *args, **named)
        self._lost()
        return result

    return changed


for _name in ("__delitem__", "__iadd__", "__imul__", "clear", "extend", "insert", "pop", "remove", "reverse", "sort"):
    setattr(Batched, _name, _changing(_name))


def batched(target: Any, size: int, recorder: Any) -> Callable:
    """The reward with its lists of `size` as lists of samples; the recorder begins anew with each call."""
    turn = recorder.turn

    def given(value: Any) -> Any:
        whole = type(value) is list and len(value) == size
        return Batched(value, turn, list(range(size))) if whole else value

    def call(*args: Any, **named: Any) -> Any:
        recorder.begin()
        return target(*map(given, args), **{name: given(value) for name, value in named.items()})

    call.__wrapped__ = target  # type: ignore[attr-defined]
    return call
