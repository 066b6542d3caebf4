"""A reward file loaded in its rewritten form, with the helper modules of its folder rewritten too."""

from __future__ import annotations

import ast
import importlib.abc
import importlib.machinery
import os
import sys
import types
from typing import Any, Callable, Union

from .. import stubs
from ..load import load_asked, place
from .probes import Probe
from .recorder import Paths, Shares, Values
from .statements import Statements, rewritten
from .whole import Whole


class Traced:
    """Lasts from its making to `close`: while it stands, imports from the folder are rewritten. `whole`: for calls of a
    whole batch."""

    def __init__(
        self,
        args: dict,
        recorder: Union[Paths, Shares, Values],
        loading: Callable[..., Any] = load_asked,
        whole: bool = False,
    ) -> None:
        path, source = args["path"], args["source"]
        self.path, self.source = path, source
        self.recorder = recorder
        self.probes: list[Probe] = []
        self.sources = {path: source}
        self._full = isinstance(recorder, Values)
        self._writer = Whole if whole else Statements
        self._hook = _Hook(place(path)[0], self)
        sys.meta_path.insert(0, self._hook)
        try:
            self.loaded = loading(args, self.rewrite, recorder.names)
        except BaseException:
            self.close()
            raise

    def rewrite(self, tree: ast.Module, file: str) -> Any:
        return rewritten(tree, self._writer(file, self._full, self.probes))

    def close(self) -> None:
        if self._hook in sys.meta_path:
            sys.meta_path.remove(self._hook)


class _Hook(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds what the ordinary path finder finds below the root, or below a folder above that had to be put on the path."""

    def __init__(self, root: str, traced: Traced) -> None:
        self._root = root
        self._traced = traced

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> Any:
        spec = importlib.machinery.PathFinder.find_spec(name, path)
        file = spec.origin if spec else None
        if not file or not file.endswith(".py") or "site-packages" in file:
            return None
        roots = (os.path.realpath(folder) + os.sep for folder in (self._root, *stubs.log.paths.values()))
        if not os.path.realpath(file).startswith(tuple(roots)):
            return None
        spec.loader = self
        return spec

    def create_module(self, spec: Any) -> None:
        return None

    def exec_module(self, module: types.ModuleType) -> None:
        file = module.__spec__.origin
        with open(file, encoding="utf-8") as text:
            source = text.read()
        self._traced.sources[file] = source
        module.__file__ = file
        module.__dict__.update(self._traced.recorder.names)
        exec(self._traced.rewrite(ast.parse(source, file), file), module.__dict__)
