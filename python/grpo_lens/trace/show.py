"""Any value as a short text, in bounded time, without keeping or consuming it."""

from __future__ import annotations

from typing import Any

_MOST = 160
_ITEMS = 12
_CONTAINERS = (list, tuple, set, frozenset, dict)


def show(value: Any) -> str:
    kind = type(value)
    if kind is str:
        return _text(value)
    if kind is bytes and len(value) > _MOST:
        return f"bytes[{len(value)}]"
    if kind is int and value.bit_length() > 512:
        return f"int of {value.bit_length()} bits"
    if kind in _CONTAINERS:
        return _container(value, 0)
    return _cut(_repr(value))


def _text(value: str) -> str:
    if len(value) <= _MOST:
        return repr(value)
    return f"{value[: _MOST // 2]!r}…{value[-_MOST // 3 :]!r} ({len(value)})"


def _container(value: Any, depth: int) -> str:
    if len(value) > _ITEMS or depth > 2:
        return f"{type(value).__name__}[{len(value)}]"
    if type(value) is dict:
        inner = ", ".join(f"{_item(key, depth)}: {_item(item, depth)}" for key, item in value.items())
        return _cut("{" + inner + "}")
    inner = ", ".join(_item(item, depth) for item in value)
    if type(value) is list:
        return _cut(f"[{inner}]")
    if type(value) is tuple:
        return _cut(f"({inner},)" if len(value) == 1 else f"({inner})")
    return _cut("{" + inner + "}") if value and type(value) is set else f"{type(value).__name__}({{{inner}}})"


def _item(value: Any, depth: int) -> str:
    return _container(value, depth + 1) if type(value) in _CONTAINERS else show(value)


def _repr(value: Any) -> str:
    try:
        return repr(value)
    except Exception as error:
        return f"<{type(value).__name__}, whose repr raises {type(error).__name__}>"


def _cut(text: str) -> str:
    return text if len(text) <= _MOST else text[: _MOST - 1] + "…"
