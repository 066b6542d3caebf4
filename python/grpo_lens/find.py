"""The rewards of a text, by its syntax tree, without importing it."""

from __future__ import annotations

import ast
import os
import sys
import tokenize
import warnings

from . import cells
from .frameworks import FRAMEWORKS, own
from .problem import Problem
from .reward import Reward
from .syntax import classes, functions, method, signature, statements

_TRIES = 40
_NETWORK = (
    "requests",
    "httpx",
    "aiohttp",
    "openai",
    "anthropic",
    "urllib.request",
    "http.client",
    "socket",
    "websockets",
    "e2b_code_interpreter",
    "ollama",
    "litellm",
)
_PROCESSES = ("subprocess", "multiprocessing", "os.system", "os.popen", "os.fork", "docker", "paramiko", "pexpect")
_MOST_HELPERS = 20
_BEYOND = {**dict.fromkeys(_NETWORK, "network"), **dict.fromkeys(_PROCESSES, "processes")}


def find(source: str, path: str) -> dict:
    """Rewards in the order of the text; of a broken text, those of the part above the error, and `broken`."""
    try:
        tree = parse(source, path)
        last = cells.own_lines(source) or sys.maxsize
        listed = [reward.record() for reward in rewards(tree) if reward.line <= last]
        return {"rewards": listed, "rowFunctions": row_functions(tree), "reaches": reaches(tree, path)}
    except SyntaxError as error:
        line = error.lineno or 1
        tree = _readable(source, path, line)
        broken = {"line": line, "message": f"{error.msg} (line {line})"}
        found = {"rewards": [reward.record() for reward in rewards(tree)], "rowFunctions": row_functions(tree)}
        return {**found, "reaches": reaches(tree, path), "broken": broken}


def row_functions(tree: ast.Module) -> list[dict]:
    """Functions and methods that make one row of a data set from another: `preprocess(self, row)`, `f(example)`."""
    methods = [(f"{name}.preprocess", method(node, "preprocess"), True) for name, node in classes(tree).items()]
    found = [*methods, *((function.name, function, False) for function in functions(tree))]
    return [
        {"name": name, "line": function.lineno}
        for name, function, bound in found
        if function is not None and _takes_row(signature(function, bound).required)
    ]


def _takes_row(required: tuple[str, ...]) -> bool:
    return len(required) == 1 and required[0] in ("row", "example", "sample", "record", "item", "examples")


def reaches(tree: ast.Module, path: str = "") -> list[str]:
    """Whether the file, or a helper beside it, can reach beyond this process by its imports: `network`, `processes`."""
    found: set[str] = set()
    seen: set[str] = set()
    todo = [tree]
    while todo and len(seen) < _MOST_HELPERS:
        for name in _names_used(todo.pop()):
            found.update(_BEYOND[part] for part in (name, name.split(".")[0]) if part in _BEYOND)
            helper = os.path.join(os.path.dirname(path), f"{name.split('.')[0]}.py")
            if path and helper not in seen and helper != path and os.path.isfile(helper):
                seen.add(helper)
                todo.append(_helper(helper))
    return sorted(found)


def _names_used(tree: ast.Module) -> list[str]:
    """Modules that are imported, names taken from them, and what is called of a module (`os.system`)."""
    found: list[str] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found += [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            found.append(f"{node.value.id}.{node.attr}" if node.value.id == "os" else "")
    return found


def _helper(path: str) -> ast.Module:
    try:
        with tokenize.open(path) as file:
            return parse(file.read(), path)
    except (OSError, SyntaxError, UnicodeError):
        return ast.Module(body=[], type_ignores=[])


def parse(source: str, path: str) -> ast.Module:
    """Errors: SyntaxError, also for what Python reports as ValueError (a null byte)."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return cells.parse(source, path)
    except (ValueError, RecursionError, MemoryError) as error:
        if isinstance(error, SyntaxError):
            raise
        raise SyntaxError(str(error) or "the text is too deeply nested", (path, 1, 1, "")) from None


def rewards(tree: ast.Module) -> list[Reward]:
    """Each function or class once, as the first framework that knows its shape would call it; parts are left out."""
    parts = _called(tree)
    return [reward for reward in _candidates(tree) if reward.call != own.ID or reward.name not in parts]


def _candidates(tree: ast.Module) -> list[Reward]:
    found: dict[str, Reward] = {}
    for framework in FRAMEWORKS.values():
        for reward in framework.find(tree):
            found.setdefault(reward.name, reward)
    return sorted(found.values(), key=lambda reward: reward.line)


def _called(tree: ast.Module) -> set[str]:
    """Functions that another function or class of the file calls."""
    owners = [node for node in statements(tree) if hasattr(node, "name")]
    names = ((owner.name, node) for owner in owners for node in ast.walk(owner) if isinstance(node, ast.Name))
    return {node.id for owner, node in names if node.id != owner}


def named(tree: ast.Module, name: str, path: str) -> Reward:
    """The reward of this name, or of this registered name."""
    for reward in _candidates(tree):
        if name == reward.name or name in reward.registered:
            return reward
    names = ", ".join(reward.name for reward in rewards(tree)) or "none"
    raise Problem("missing", f'{path} has no reward "{name}"; rewards found there: {names}.')


def _readable(source: str, path: str, line: int) -> ast.Module:
    lines = source.splitlines(keepends=True)[: line - 1]
    starts = [at for at, text in enumerate(lines) if text[:1] not in (" ", "\t", "#", "\n", "\r", ")", "]", "}", "")]
    for cut in [len(lines), *reversed(starts[-_TRIES:])]:
        try:
            return parse("".join(lines[:cut]), path)
        except SyntaxError:
            continue
    return ast.Module(body=[], type_ignores=[])
