"""ms-swift's own rewards, written anew from their stated rules (swift/rewards/orm.py @ 3602360a5), for plugins that
build on them, and for configurations that name them, where ms-swift is not installed."""

from __future__ import annotations

import math
import re
from typing import Any

from .. import stubs
from ..stubs import Unknown

_FORMAT = re.compile(r"^<think>.*?</think>\s*<answer>.*?</answer>(?![\s\S])", re.DOTALL | re.MULTILINE)
_REACT = re.compile(r"^<think>.*?</think>\s*Action:.*?Action Input:.*?$", re.DOTALL | re.MULTILINE)
_ANSWER = re.compile(r"<answer>(.*?)</answer>", re.DOTALL)

DEFAULTS = {
    "repetition_n_grams": 3,
    "repetition_max_penalty": -1.0,
    "cosine_min_len_value_wrong": -0.5,
    "cosine_max_len_value_wrong": 0.0,
    "cosine_min_len_value_correct": 1.0,
    "cosine_max_len_value_correct": 0.5,
}
"""Where a configuration does not say otherwise (swift/rlhf_trainers/args_mixin.py:374 @ 3602360a5)."""


class Settings:
    """The training's arguments as far as a configuration tells them; the others raise when they are used."""

    def __init__(self, known: dict) -> None:
        self.__dict__.update(known)
        longest = known.get("max_completion_length")
        for name in ("soft_max_length", "cosine_max_len"):
            if longest is not None:
                self.__dict__.setdefault(name, longest)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return Unknown(f"args.{name}")


class Rule:
    """A reward made by `cls(args)`; `args` are the training's."""

    def __init__(self, args: Any = None, **kwargs: Any) -> None:
        self.args = args if args is not None else Settings({})
        name = type(self).__name__
        stubs.log.notes[
            f"{name} stands for ms-swift's own: the rule of swift/rewards/orm.py @ 3602360a5, written anew."
        ] = None


class Format(Rule):
    def __call__(self, completions: list, **kwargs: Any) -> list:
        return [1.0 if _FORMAT.match(text) else 0.0 for text in completions]


class ReActFormat(Rule):
    def __call__(self, completions: list, **kwargs: Any) -> list:
        return [1.0 if _REACT.match(text) else 0.0 for text in completions]


class MathAccuracy(Rule):
    """By math_verify, which is never stood in for."""

    def __call__(self, completions: list, solution: list, **kwargs: Any) -> list:
        try:
            from latex2sympy2_extended import NormalizationConfig
            from math_verify import LatexExtractionConfig, parse, verify
        except ImportError:
            return stubs.unavailable("math_verify is needed by this reward, but is not installed here")
        normal = NormalizationConfig(nits=False, malformed_operators=False, basic_latex=True, boxed=True, units=True)
        strict = LatexExtractionConfig(
            normalization_config=normal, boxed_match_priority=0, try_extract_without_anchor=False
        )

        def score(text: str, truth: str) -> float:
            said = _ANSWER.search(truth)
            gold = parse(said.group(1).strip() if said else truth, extraction_mode="first_match")
            if len(gold) == 0:
                return 0.0
            given = _ANSWER.search(text)
            more = {} if given else {"extraction_config": [strict]}
            answer = parse(given.group(1).strip() if given else text, extraction_mode="first_match", **more)
            try:
                return float(verify(gold, answer))
            except Exception:
                return 0.0

        return [score(text, truth) for text, truth in zip(completions, solution)]


class RepetitionPenalty(Rule):
    def __call__(self, completions: list, **kwargs: Any) -> list:
        size, most = self.args.repetition_n_grams, self.args.repetition_max_penalty
        return [self._penalty(text.lower().split(), size, most) for text in completions]

    def _penalty(self, words: list, size: int, most: float) -> float:
        grams = [tuple(words[at : at + size]) for at in range(len(words) - size + 1)]
        return (1 - len(set(grams)) / len(grams)) * most if grams else 0.0


class SoftOverlong(Rule):
    """Lengths are tokens, which only the trainer has."""

    def __call__(self, completions: list, response_token_ids: Any = None, **kwargs: Any) -> list:
        longest, cache = self.args.soft_max_length, self.args.soft_cache_length
        expected = longest - cache
        return [min(-(len(ids) - expected) / cache, 0) for ids in response_token_ids]


class CosineReward(Rule):
    def __call__(self, completions: list, solution: list, response_token_ids: Any = None, **kwargs: Any) -> list:
        right = MathAccuracy(self.args)(completions, solution)
        return [self._scaled(score >= 1, len(ids)) for score, ids in zip(right, response_token_ids)]

    def _scaled(self, correct: bool, length: int) -> float:
        args = self.args
        least, most = args.cosine_max_len_value_correct, args.cosine_min_len_value_correct
        if not correct:
            least, most = args.cosine_max_len_value_wrong, args.cosine_min_len_value_wrong
        return most - (most - least) * (1 - math.cos(length * math.pi / args.cosine_max_len)) / 2


BUILTIN = {
    "accuracy": MathAccuracy,
    "format": Format,
    "react_format": ReActFormat,
    "cosine": CosineReward,
    "repetition": RepetitionPenalty,
    "soft_overlong": SoftOverlong,
}
