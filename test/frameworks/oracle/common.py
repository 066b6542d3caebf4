"""What the oracles share: seeded choices, stand-ins for packages that want a GPU, one answer a line."""

import contextlib
import importlib.abc
import importlib.machinery
import io
import json
import os
import random
import sys
import traceback
from typing import Any, Callable, Dict, Sequence
from unittest.mock import MagicMock

Answer = Dict[str, Any]


# Errors of this machine, not of the configuration: such a question counts as not asked.
ELSEWHERE = ("Repo id must be", "No package metadata", "integer modulo by zero", "No module named")


class Reached(Exception):
    """The framework went past its last check."""


class StandIn(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Imports packages that are not there as mocks: none of them takes part in a check."""

    def __init__(self, names: Sequence[str]) -> None:
        self.names = names

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> Any:
        if name.split(".")[0] not in self.names:
            return None
        return importlib.machinery.ModuleSpec(name, self, is_package=True)

    def create_module(self, spec: Any) -> Any:
        module = MagicMock(name=spec.name)
        module.__path__ = []
        module.__spec__ = spec
        module.__version__ = "0.11.0"
        return module

    def exec_module(self, module: Any) -> None:
        return None


def stand_in(*names: str) -> None:
    sys.meta_path.append(StandIn(names))


class Chooser:
    """Random configurations, the same for the same seed."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def chance(self, share: float) -> bool:
        return self.random.random() < share

    def one(self, values: Sequence[Any]) -> Any:
        return self.random.choice(values)

    def some(self, space: Dict[str, Sequence[Any]], most: int) -> Dict[str, Any]:
        keys = self.random.sample(sorted(space), self.random.randint(0, most))
        return {key: self.one(space[key]) for key in keys}

    def misspelt(self, name: str) -> str:
        if len(name) < 4:
            return name + "x"
        at = self.random.randrange(1, len(name) - 1)
        return name[:at] + name[at + 1 :]


def verdict(ask: Callable[[], Any]) -> Answer:
    """What the framework said: accepted with what came of it, or its error; what it prints is thrown away."""
    silent = io.StringIO()
    try:
        with contextlib.redirect_stdout(silent), contextlib.redirect_stderr(silent):
            effective = ask()
    except SystemExit as error:
        return refused(error, silent.getvalue().rpartition("error: ")[2])
    except Exception as error:
        return refused(error, str(error))
    return {"accepted": True, "effective": effective}


def refused(error: BaseException, message: str) -> Answer:
    """A bare assertion tells by its line of source what it wanted."""
    kind = type(error).__name__
    line = traceback.extract_tb(error.__traceback__)[-1].line or kind
    text = " ".join((message or line).split())
    return {"accepted": False, "error": kind, "message": text.replace(os.getcwd(), ".")[:300]}


def main(answers: Callable[[Chooser], Answer]) -> None:
    """`script.py COUNT SEED FOLDER`: FOLDER is a check-out of the framework's repository at the catalogue's pin."""
    count, seed = int(sys.argv[1]), int(sys.argv[2])
    chooser = Chooser(seed)
    for _ in range(count):
        answer = answers(chooser)
        if not any(why in str(answer.get("message")) for why in ELSEWHERE):
            print(json.dumps(answer, separators=(",", ":")), flush=True)


def source() -> str:
    """The check-out that the framework is imported from."""
    return os.path.abspath(sys.argv[3])
