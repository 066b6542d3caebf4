"""Doc strings stay first."""

from __future__ import annotations

import asyncio
import contextlib
import re


class Base:
    """Also here."""

    def __secret(self, x):
        return x * 2

    def use(self, x):
        return self.__secret(x)


class Sub(Base):
    def use(self, x):
        return super().use(x) + 1


def caught(x):
    try:
        value = int("x" * x)
    except ValueError as error:
        return len(str(error))
    else:
        return value


def suppressed(x):
    with contextlib.suppress(ZeroDivisionError):
        return 1 / (x - 3)
    return -1


def ended(x):
    try:
        return 1 / (x - 4)
    finally:
        return x


def circuits(x):
    return bool((x > 2 and x < 8) or not x) + (x == 5 or x == 6 and 2)


def generated(x):
    def numbers():
        for n in range(x):
            if n == 7:
                return
            got = yield n * 10
            assert got is None

    return sum(n for n in numbers() if n % 20)


def nested(x):
    k = 5

    def inner(y):
        nonlocal k
        k += y
        return k

    return [inner(y) for y in range(x)][-1:] or [0]


def walrus(x):
    if (found := re.search(r"\d", f"{x!r:>3}")) and int(found.group()) > 5:
        return int(found.group())
    return -x


def looped(x):
    for n in range(x):
        if n == 9:
            break
    else:
        return -1
    total = 0
    while True:
        total += 1
        if total > x:
            break
    return total


async def waited(x):
    async def later():
        await asyncio.sleep(0)
        return x

    return sum([await later() for _ in range(2)])


def starred(*args, scale=2, **named):
    first, *rest = args
    table = {**named, "first": first}
    table["rest"] = [*rest]
    del rest
    return scale * table["first"] + len(table["rest"]) + sum(map(lambda n: n + 1, table["rest"]))


def reward(completions, **kwargs):
    """Every construct on every sample."""
    global COUNT
    COUNT = 0
    out = []
    for x in map(int, completions):
        parts = [
            *(one(x) for one in (caught, suppressed, ended, circuits, generated, walrus, looped)),
            *nested(x),
            asyncio.new_event_loop().run_until_complete(waited(x)),
            starred(x, 1, 2, scale=3, other=4),
            Sub().use(x),
            {n: n * x for n in range(3)}[2],
            1 if 1 < x < 10 else 0,
            (lambda a, /, b=2, *, c: a * b + c)(x, c=1),
        ]
        out.append(float(sum(parts)))
    return out
