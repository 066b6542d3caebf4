"""The rewards that `--reward_funcs` knows without a plugin, as a file of rewards: those of the installed ms-swift, else
our own after its stated rules (`swift_rewards`), which say so."""

from __future__ import annotations

from typing import Any

from grpo_lens import stubs
from grpo_lens.frameworks.swift_rewards import BUILTIN, DEFAULTS, Settings
from swift.plugin import orms as _earlier
from swift.rewards import ORM, orms

_INSTALLED = {**_earlier, **orms}


class _BuiltIn(ORM):
    name = ""

    def __init__(self, args: Any = None, **kwargs: Any) -> None:
        settings = Settings({**DEFAULTS, **getattr(args, "__dict__", {})})
        if self.name in _INSTALLED:
            stubs.log.notes[f"{self.name} is the installed ms-swift's own."] = None
        self.reward = _INSTALLED.get(self.name, BUILTIN[self.name])(settings)

    def __call__(self, completions: list, **kwargs: Any) -> list:
        return self.reward(completions, **kwargs)


class Accuracy(_BuiltIn):
    name = "accuracy"

    def __call__(self, completions: list, solution: list, **kwargs: Any) -> list:
        return self.reward(completions, solution=solution, **kwargs)


class Format(_BuiltIn):
    name = "format"


class ReActFormat(_BuiltIn):
    name = "react_format"


class Cosine(_BuiltIn):
    name = "cosine"

    def __call__(self, completions: list, solution: list, **kwargs: Any) -> list:
        return self.reward(completions, solution=solution, **kwargs)


class Repetition(_BuiltIn):
    name = "repetition"


class SoftOverlong(_BuiltIn):
    name = "soft_overlong"


orms["accuracy"] = Accuracy
orms["format"] = Format
orms["react_format"] = ReActFormat
orms["cosine"] = Cosine
orms["repetition"] = Repetition
orms["soft_overlong"] = SoftOverlong
