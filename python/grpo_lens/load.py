"""Loading a reward file as training would, with honest stand-ins for what is not installed here."""

from __future__ import annotations

import ast
import contextlib
import dataclasses
import functools
import importlib
import linecache
import os
import sys
import types
from dataclasses import dataclass
from typing import Any, Callable, Iterator

from . import find, stubs
from .frameworks import FRAMEWORKS
from .limits import Timeout
from .problem import Problem
from .reward import Reward
from .script import definitions, trains

_finder = stubs.Finder(
    {top for framework in FRAMEWORKS.values() for top in framework.STUBS},
    {name: names for framework in FRAMEWORKS.values() for name, names in framework.MODELLED.items()},
)
_loaded: set[str] = set()


@contextlib.contextmanager
def standing_in() -> Iterator[set[str]]:
    """While it lasts, frameworks that are not installed can be imported; the set fills with their names. What was
    imported from stand-ins stays with the code that did; nobody else finds them afterwards."""
    stood_in: set[str] = set()
    sys.meta_path.append(_finder)
    stubs.log.loading = True
    try:
        yield stood_in
    finally:
        stubs.log.loading = False
        sys.meta_path.remove(_finder)
        stood_in.update(name.split(".")[0] for name in _finder.made)
        for name in _finder.made:
            sys.modules.pop(name, None)
        _finder.made.clear()


@dataclass(frozen=True)
class Loaded:
    module: types.ModuleType
    reward: Reward
    target: Any
    """What is called: the function, or an instance of the class."""
    framework: types.ModuleType
    script: bool = False
    """It would train when it is imported, so that only its definitions were run."""
    source: str = ""


Rewrite = Callable[[ast.Module, str], Any]
"""Compiled code of a tree, for the file of this name."""


def load(
    source: str, path: str, name: str, rewrite: Rewrite | None = None, names: dict | None = None, settings: Any = None
) -> Loaded:
    """Runs the file anew, its helper modules too; with `names` known to it, and the training's `settings` for rewards
    that are given those. Errors: `Problem`, which says the line."""
    try:
        tree = find.parse(source, path)
    except SyntaxError as error:
        where = f"{os.path.basename(path)}, line {error.lineno}"
        raise Problem("import-failed", f"{where}: {error.msg}. The reward runs again once this is mended.") from None
    reward = find.named(tree, name, os.path.basename(path))
    script = trains(tree)
    module = _ran(definitions(tree) if script else tree, source, path, (rewrite or _compiled, names or {}))
    framework = FRAMEWORKS[reward.call]
    try:
        target = framework.prepare(getattr(module, reward.name), settings or {})
    except (Exception, stubs.Unavailable) as error:
        raise Problem("import-failed", f"Making {reward.name} failed: {told(error, path)}.") from None
    return Loaded(module, reward, target, framework, script, source)


def load_module(args: dict, rewrite: Rewrite | None = None, names: dict | None = None) -> types.ModuleType:
    """The module of a request's text, whatever it defines. Errors: `Problem`."""
    source, path = args["source"], args["path"]
    try:
        tree = find.parse(source, path)
    except SyntaxError as error:
        where = f"{os.path.basename(path)}, line {error.lineno}"
        raise Problem("import-failed", f"{where}: {error.msg}.") from None
    tree = definitions(tree) if trains(tree) else tree
    return _ran(tree, source, path, (rewrite or _compiled, names or {}))


def _ran(tree: ast.Module, source: str, path: str, how: tuple[Rewrite, dict]) -> types.ModuleType:
    rewrite, names = how
    return execute(tree, rewrite(tree, path), source, path, names)


def load_asked(args: dict, rewrite: Rewrite | None = None, names: dict | None = None) -> Loaded:
    """The reward of a request, with the keywords that the training's configuration gives it."""
    loaded = load(args["source"], args["path"], args["reward"], rewrite, names, args.get("settings"))
    keywords = args.get("keywords")
    if not keywords:
        return loaded
    needs = tuple(name for name in loaded.reward.needs if name not in keywords)
    target = functools.partial(loaded.target, **keywords)
    return dataclasses.replace(loaded, target=target, reward=dataclasses.replace(loaded.reward, needs=needs))


def _compiled(tree: ast.Module, path: str) -> Any:
    return compile(tree, path, "exec", dont_inherit=True)


def execute(tree: ast.Module, code: Any, source: str, path: str, names: dict) -> types.ModuleType:
    """The module of this code, under the name of its package where it stands in one."""
    levels = max((node.level for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)), default=0)
    root, name, package = place(path, levels)
    forget(root, path, tree)
    module = types.ModuleType(name)
    module.__file__ = path
    module.__package__ = package
    module.__dict__.update(names)
    linecache.cache[path] = (len(source), None, source.splitlines(keepends=True), path)
    if root not in sys.path:
        sys.path.insert(0, root)
    before = set(sys.modules)
    stubs.log.loading = True
    try:
        if package:
            importlib.import_module(package)
        sys.modules[name] = module
        exec(code, module.__dict__)
    except Exception as error:
        raise Problem("import-failed", _sentence(error, path), remedy=_remedy(error)) from None
    except Timeout:
        raise
    except BaseException as error:
        raise Problem("import-failed", _sentence(error, path)) from None
    finally:
        stubs.log.loading = False
        roots = (root, *stubs.log.paths.values())
        _loaded.update(new for new in set(sys.modules) - before if _is_under(sys.modules[new], roots))
        _loaded.add(name)
    return module


def place(path: str, levels: int = 0) -> tuple[str, str, str]:
    """(folder to import from, module name, package): `a/__init__.py` above makes `a.rewards`, and so do as many folders
    as relative imports climb."""
    folder, stem = os.path.dirname(os.path.abspath(path)), os.path.splitext(os.path.basename(path))[0]
    parts: list[str] = []
    while os.path.isfile(os.path.join(folder, "__init__.py")) and os.path.dirname(folder) != folder:
        folder, part = os.path.split(folder)
        parts.insert(0, part)
    while len(parts) < levels and os.path.dirname(folder) != folder:
        folder, part = os.path.split(folder)
        parts.insert(0, part)
    package = ".".join(parts)
    if package:
        return folder, f"{package}.{stem}", package
    taken = stem in sys.builtin_module_names or stem in sys.modules and stem not in _loaded
    return folder, f"reward_{stem}" if taken or not stem.isidentifier() else stem, ""


def forget(root: str, path: str, tree: ast.Module) -> None:
    """What an earlier load left: helper modules, registries, stand-ins and what was remembered of them."""
    for name in _loaded | _finder.made:
        sys.modules.pop(name, None)
    _loaded.clear()
    _finder.made.clear()
    _finder.forget()
    importlib.invalidate_caches()
    for names in (names for framework in FRAMEWORKS.values() for names in framework.MODELLED.values()):
        for value in names.values():
            if isinstance(value, dict):
                value.clear()
    sys.path[:] = [folder for folder in sys.path if folder not in stubs.log.paths.values()]
    stubs.log.__init__()
    _finder.unconditional = _Unconditional(path, tree).of
    _finder.root = root
    _finder.is_users = lambda file: _is_users(file, root)
    if _finder not in sys.meta_path:
        sys.meta_path.append(_finder)


def _is_users(file: str, root: str) -> bool:
    return file.startswith((root, *stubs.log.paths.values())) and "site-packages" not in file


class _Unconditional:
    """Of each of the user's files, the top packages that it cannot do without."""

    def __init__(self, path: str, tree: ast.Module) -> None:
        self._known = {path: _unconditional(tree)}

    def of(self, file: str) -> set[str]:
        if file not in self._known:
            try:
                with open(file, encoding="utf-8") as text:
                    self._known[file] = _unconditional(find.parse(text.read(), file))
            except (OSError, SyntaxError, ValueError):
                self._known[file] = set()
        return self._known[file]


def _unconditional(tree: ast.Module) -> set[str]:
    """Top packages imported at module level, neither under `try` nor in a function."""
    plain = {alias.name for node in tree.body if isinstance(node, ast.Import) for alias in node.names}
    named = {node.module for node in tree.body if isinstance(node, ast.ImportFrom) and node.module and not node.level}
    return {name.split(".")[0] for name in plain | named if name}


def _is_under(module: Any, roots: tuple[str, ...]) -> bool:
    try:
        places = [getattr(module, "__file__", None), *(getattr(module, "__path__", None) or [])]
    except Exception:  # What stands in sys.modules need not be a module.
        return False
    files = [place for place in places if isinstance(place, str)]
    return any(file.startswith(root + os.sep) and "site-packages" not in file for file in files for root in roots)


def told(error: BaseException, path: str) -> str:
    """`ValueError: … (line 7)`, the line being the innermost one in the user's file."""
    line = line_of(error, path)
    what = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
    return what[:400] + (f" (line {line})" if line else "")


def line_of(error: BaseException, path: str) -> int | None:
    line, trace = None, error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == path:
            line = trace.tb_lineno
        trace = trace.tb_next
    return line


def _sentence(error: BaseException, path: str) -> str:
    file = os.path.basename(path)
    line = line_of(error, path)
    where = f"{file}, line {line}" if line else file
    if isinstance(error, ModuleNotFoundError) and linecache.getline(path, line or 0).lstrip().startswith("from ."):
        return f"{where}: {error.name} is not beside this file; open the file within the package that it belongs to."
    if isinstance(error, ModuleNotFoundError):
        return (
            f"{where}: the module {error.name} is not found by this Python; install it or choose another interpreter."
        )
    if isinstance(error, SyntaxError):
        return f"{os.path.basename(error.filename or path)}, line {error.lineno}: {error.msg}."
    return f"{where}: the file cannot be loaded: {type(error).__name__}: {str(error)[:300]}."


def _remedy(error: BaseException) -> str | None:
    return "install-package" if isinstance(error, ModuleNotFoundError) else None
