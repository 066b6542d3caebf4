"""What is called for a reward that a notebook names: its function or class, and whose calling style it has."""

from __future__ import annotations

import ast
import importlib.util
import inspect
import linecache
import os
import re
import sys
import textwrap
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any

from .. import find
from ..frameworks import FRAMEWORKS
from ..reward import Reward
from .table import BadInput


@dataclass(frozen=True)
class Target:
    callable: Any
    reward: Reward
    framework: ModuleType
    file: str | None
    """File of its source, also the made-up name of a cell."""
    line: int | None
    where: dict = field(default_factory=dict)
    """`place` or `cell` of the output's reward."""
    given: Any = None
    """As the user named it: a function, a class, an instance."""

    @property
    def named(self) -> Any:
        """The function or class itself."""
        return self.given if hasattr(self.given, "__name__") else type(self.given)

    def line_of(self, error: BaseException) -> int | None:
        """1-based line of the innermost frame in the reward's own file or cell."""
        frames, trace = [], error.__traceback__
        while trace is not None:
            frames.append((trace.tb_frame.f_code.co_filename, trace.tb_lineno))
            trace = trace.tb_next
        return next((line for file, line in reversed(frames) if file == self.file), None)


def target_of(reward: Any) -> Target:
    """Of a function, a class, an instance, or the text `file.py:name`. Errors: `BadInput`, `Problem`."""
    if isinstance(reward, str):
        return _of_file(reward)
    named = reward if hasattr(reward, "__name__") else type(reward)
    if not callable(reward):
        raise BadInput(
            f"A {type(reward).__name__} is no reward: give a function, a class, or a text such as rewards.py:name."
        )
    file, line, known = _known(named)
    framework = FRAMEWORKS[known.call]
    callable_ = framework.prepare(reward, {}) if named is reward else reward
    return Target(callable_, known, framework, file, line, _where(file, line), reward)


def _of_file(text: str) -> Target:
    path, _, name = text.rpartition(":")
    if not path.endswith(".py") or not os.path.isfile(path):
        raise BadInput(
            f'"{text}" is no reward: expected an existing file and a name, such as rewards.py:accuracy_reward.'
        )
    with open(path, encoding="utf-8") as file:
        known = find.named(find.parse(file.read(), path), name, os.path.basename(path))
    module = _imported(os.path.abspath(path))
    framework = FRAMEWORKS[known.call]
    given = getattr(module, known.name)
    where = {"place": {"path": module.__file__, "line": known.line}}
    return Target(framework.prepare(given, {}), known, framework, module.__file__, known.line, where, given)


def _imported(path: str) -> ModuleType:
    """The file as a module of its own, run anew; its neighbours can be imported."""
    name = os.path.splitext(os.path.basename(path))[0]
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise BadInput(f"{path} cannot be loaded as Python.")
    module = importlib.util.module_from_spec(spec)
    folder = os.path.dirname(path)
    sys.path.insert(0, folder)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    finally:
        sys.path.remove(folder)
    return module


def _known(named: Any) -> tuple[str | None, int | None, Reward]:
    """By its source where there is one, else by its signature alone."""
    try:
        file, line, tree = _class(named) if inspect.isclass(named) else _function(named)
    except (OSError, TypeError, SyntaxError):
        file, line, tree = None, None, ast.parse(_stub(named))
    name = named.__name__
    found = [reward for reward in find.rewards(tree) if reward.name == name]
    if found:
        return file, line, found[0]
    if callable(named) and not inspect.isclass(named):
        return file, line, Reward(name, line or 1, "function", "own", shape="single")
    raise BadInput(f"The class {name} has no method that a trainer of ours would call.")


def _function(named: Any) -> tuple[str | None, int, ast.Module]:
    lines, line = inspect.getsourcelines(named)
    return inspect.getsourcefile(named), line, ast.parse(textwrap.dedent("".join(lines)))


def _class(named: Any) -> tuple[str, int, ast.Module]:
    """By its methods: of a class in a cell, Python itself does not know where it stands. Errors: OSError."""
    file = code_file(named)
    if file is None:
        raise OSError(named.__name__)
    tree = ast.parse("".join(linecache.getlines(file)))
    found = [node for node in tree.body if getattr(node, "name", None) == named.__name__]
    return file, found[-1].lineno if found else 1, tree


def code_file(value: Any) -> str | None:
    """The file, or the made-up name of the cell, that a function or a class of the user's stands in."""
    if inspect.isclass(value):
        members = [member for member in vars(value).values() if inspect.isfunction(member)]
        return members[0].__code__.co_filename if members else None
    return value.__code__.co_filename if inspect.isfunction(value) else None


def _stub(named: Any) -> str:
    """A definition with the same parameters, without annotations and values."""
    try:
        parameters = inspect.signature(named).parameters.values()
    except (TypeError, ValueError):
        return f"def {named.__name__}(completion): pass"
    plain = [p.replace(annotation=p.empty, default=p.default if p.default is p.empty else None) for p in parameters]
    return f"def {named.__name__}{inspect.Signature(plain)}: pass"


def _where(file: str | None, line: int | None) -> dict:
    if file is None or line is None:
        return {}
    if os.path.isfile(file):
        return {"place": {"path": os.path.abspath(file), "line": line}}
    return {"cell": _cell(file), "line": line}


def _cell(file: str) -> str:
    """`In[3]`, as notebooks count; the made-up file name where nothing tells."""
    counted = re.search(r"In\[\d+\]", file)
    if counted:
        return counted[0]
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    named = shell.compile.format_code_name(file) if shell and hasattr(shell.compile, "format_code_name") else None
    return named[1] if named else file
