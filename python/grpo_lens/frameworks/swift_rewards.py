"""ms-swift's own rewards, written anew from their stated rules (swift/rewards/orm.py @ 3602360a5), for plugins that
build on them where ms-swift is not installed."""

from __future__ import annotations

import math
import re
from typing import Any

from ..stubs import Unknown

_FORMAT = re.compile(r"^<think>.*?</think>\s*<answer>.*?</answer>(?![\s\S])", re.DOTALL | re.MULTILINE)
_REACT = re.compile(r"^<think>.*?</think>\s*Action:.*?Action Input:.*?$", re.DOTALL | re.MULTILINE)


class Rule:
    """A reward made by `cls(args)`; `args` are the training's, which are not known here."""

    def __init__(self, args: Any = None, **kwargs: Any) -> None:
        self.args = args if args is not None else Unknown("args")


class Format(Rule):
    def __call__(self, completions: list, **kwargs: Any) -> list:
        return [1.0 if _FORMAT.match(text) else 0.0 for text in completions]


class ReActFormat(Rule):
    def __call__(self, completions: list, **kwargs: Any) -> list:
        return [1.0 if _REACT.match(text) else 0.0 for text in completions]


class MathAccuracy(Rule):
    """By math_verify, which is never stood in for."""

    def __call__(self, completions: list, solution: list, **kwargs: Any) -> list:
        from math_verify import parse, verify

        return [float(self._equal(parse, verify, text, truth)) for text, truth in zip(completions, solution)]

    def _equal(self, parse: Any, verify: Any, text: str, truth: str) -> bool:
        gold = parse(truth)
        found = re.search(r"<answer>(.*?)</answer>", text, re.DOTALL)
        return bool(gold) and bool(verify(gold, parse(found.group(1) if found else text)))


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
        return [self._scaled(score > 0, len(ids)) for score, ids in zip(right, response_token_ids)]

    def _scaled(self, correct: bool, length: int) -> float:
        args = self.args
        least, most = args.cosine_max_len_value_correct, args.cosine_min_len_value_correct
        if not correct:
            least, most = args.cosine_max_len_value_wrong, args.cosine_min_len_value_wrong
        return most - (most - least) * (1 - math.cos(math.pi * length / args.cosine_max_len)) / 2


BUILTIN = {
    "accuracy": MathAccuracy,
    "format": Format,
    "react_format": ReActFormat,
    "cosine": CosineReward,
    "repetition": RepetitionPenalty,
    "soft_overlong": SoftOverlong,
}
