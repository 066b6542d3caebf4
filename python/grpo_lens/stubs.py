"""Stand-ins for what is not installed here: frameworks may be stood in for, verifiers never are.

A stand-in may be imported, subclassed, annotated with and registered in; *using* it raises. What it raises is no
Exception, so that a reward's own `except Exception` cannot turn it into a score; and every use is remembered, so that a
bare `except` cannot either.
"""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import logging
import re
import sys
import types
from dataclasses import dataclass, field
from typing import Any, Callable

from .climbing import folder_with

LIBRARIES = ("transformers", "accelerate", "deepspeed", "vllm", "ray", "openrlhf", "peft", "datasets", "modelscope")
"""Training machinery that no score may depend on; the frameworks name their own packages."""

VERIFIERS = (
    "math_verify",
    "latex2sympy2",
    "latex2sympy2_extended",
    "sympy",
    "mathruler",
    "rouge",
    "rouge_score",
    "nltk",
    "sacrebleu",
    "Levenshtein",
    "rapidfuzz",
    "jiwer",
    "shapely",
    "pylatexenc",
    "antlr4",
)
"""Packages that compute scores: without one of them, other numbers come out than in training."""


_AVAILABLE = re.compile(r"_?is_\w*available")


class Unavailable(BaseException):
    """Something that exists in training but not here was used."""


@dataclass
class Log:
    stubbed: dict[str, str] = field(default_factory=dict)
    """Full name → `modelled`, `opaque` or `module`."""
    used: list[str] = field(default_factory=list)
    """Sentences: what was used though it is not here."""
    missing: dict[str, int] = field(default_factory=dict)
    """Verifier that the user's code tried to import → line of the import."""
    paths: dict[str, str] = field(default_factory=dict)
    """Module that is found only since this folder was put on the path → the folder."""
    notes: dict[str, None] = field(default_factory=dict)
    """Sentences that belong beside the scores: what stands for a framework's own code."""
    loading: bool = False
    """While a file loads, a call of something that is not here gives something unknown instead of raising: a tokenizer
    that only one reward needs does not keep the others from being run."""


log = Log()


def unavailable(why: str) -> Any:
    """Errors: `Unavailable`, always."""
    log.used.append(why)
    raise Unavailable(why)


class Unknown:
    """A value that only the trainer has. Any use raises; attributes and items are as unknown as it is."""

    def __init__(self, name: str, why: str = "is not known here") -> None:
        self.__dict__.update(_name=name, _why=why)

    def __getattr__(self, name: str) -> Unknown:
        if name.startswith("__") and name.endswith("__"):
            raise AttributeError(name)
        return Unknown(f"{self._name}.{name}", self._why)

    def __getitem__(self, key: Any) -> Unknown:
        return self

    def __repr__(self) -> str:
        return f"<{self._name}: {self._why}>"

    def __mro_entries__(self, bases: tuple) -> tuple:
        return (type("Unavailable", (), {"__init__": lambda _, *args, **named: self._fail()}),)

    def __or__(self, other: Any) -> Unknown:
        return self

    __ror__ = __or__

    def __call__(self, *args: Any, **named: Any) -> Any:
        return _called(self._name, self._why, args)

    def _fail(self, *_: Any, **__: Any) -> Any:
        return unavailable(f"{self._name} {self._why}")

    __iter__ = __len__ = __bool__ = __eq__ = __ne__ = __lt__ = __le__ = __gt__ = __ge__ = _fail
    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __truediv__ = __rtruediv__ = _fail
    __float__ = __int__ = __index__ = __contains__ = __enter__ = __exit__ = __neg__ = __abs__ = __mod__ = _fail
    __hash__ = object.__hash__


def _called(name: str, why: str, args: tuple) -> Any:
    """A call of what is not here: while loading, a decorator leaves what it decorates as it is."""
    if not log.loading:
        return unavailable(f"{name} {why}")
    if len(args) == 1 and isinstance(args[0], (types.FunctionType, type)):
        return args[0]
    last = name.rsplit(".", 1)[-1]
    if last in ("get_logger", "getLogger"):
        return logging.getLogger(name)
    if _AVAILABLE.fullmatch(last):
        return False
    return Unknown(f"{name}(…)", why)


class _Opaque(type):
    """A name of a framework that is not modelled: a class whose use raises."""

    def __getattr__(cls, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return Unknown(f"{cls.__full__}.{name}", _absent(cls.__full__))

    def __call__(cls, *args: Any, **named: Any) -> Any:
        if "__full__" in cls.__dict__:
            return _called(cls.__full__, _absent(cls.__full__), args)
        return super().__call__(*args, **named)

    def __getitem__(cls, key: Any) -> Any:
        return cls

    def __setitem__(cls, key: Any, value: Any) -> None:
        pass

    def __or__(cls, other: Any) -> Any:
        return cls

    __ror__ = __or__


class _StubModule(types.ModuleType):
    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        full = f"{self.__name__}.{name}"
        log.stubbed.setdefault(full, "opaque")
        made = _Opaque(name, (), {"__full__": full, "__module__": self.__name__})
        setattr(self, name, made)
        return made


class _MissingModule(types.ModuleType):
    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        why = f"is needed by this reward, but {_top(self.__name__)} is not installed here"
        return Unknown(f"{self.__name__}.{name}", why)


class Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Stands last on `sys.meta_path`, so that what is installed always wins."""

    def __init__(self, stubs: set[str], modelled: dict[str, dict[str, Any]]) -> None:
        self._stubs = stubs | set(LIBRARIES)
        self._modelled = modelled
        self.unconditional: Callable[[str], set[str]] = lambda file: set()
        """Top packages that a file imports unconditionally: a placeholder stands in, and raises on use."""
        self.is_users: Callable[[str], bool] = lambda file: False
        self.root = ""
        """The reward's folder: what it imports may stand in a folder above."""
        self._absent: set[str] = set()
        self.made: set[str] = set()

    def forget(self) -> None:
        self._absent.clear()

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> Any:
        top = _top(name)
        file, line = _asker()
        if not self.is_users(file):
            return self._spec(name) if top in self._stubs or top in self._absent else None
        above = self._above(name) if top == name and top not in self._stubs else None
        if above is not None:
            return above
        if top in self.unconditional(file):
            self._absent.add(top)
        elif top in VERIFIERS:
            log.missing.setdefault(top, line)
        return self._spec(name) if top in self._stubs or top in self._absent else None

    def _above(self, name: str) -> Any:
        """A module of the project that only a path keeps from being found; the path is remembered, to be told."""
        folder = folder_with(self.root, name) if self.root else None
        if folder is None:
            return None
        log.paths[name] = folder
        sys.path.append(folder)
        found = (finder.find_spec(name, None) for finder in sys.meta_path if finder is not self)
        return next((spec for spec in found if spec is not None), None)

    def _spec(self, name: str) -> Any:
        return importlib.machinery.ModuleSpec(name, self, is_package=True)

    def create_module(self, spec: Any) -> types.ModuleType:
        stub = _top(spec.name) in self._stubs
        module = (_StubModule if stub else _MissingModule)(spec.name)
        module.__path__ = []
        self.made.add(spec.name)
        if stub:
            log.stubbed.setdefault(spec.name, "module")
        for name, value in self._modelled.get(spec.name, {}).items():
            setattr(module, name, value)
            log.stubbed[f"{spec.name}.{name}"] = "modelled"
        return module

    def exec_module(self, module: types.ModuleType) -> None:
        pass


def _absent(name: str) -> str:
    return f"was used, but {_top(name)} is not installed here"


def _top(name: str) -> str:
    return name.split(".", 1)[0]


def _asker() -> tuple[str, int]:
    """File and line of the code that imports."""
    frame = sys._getframe(1)
    while frame is not None:
        file = frame.f_code.co_filename
        if "importlib" not in file and file != __file__:
            return file, frame.f_lineno
        frame = frame.f_back
    return "", 0
