"""Reward for VQA with reasoning, in EasyR1's batch form: part for the format, part for the answer."""

import re
import string
from typing import Any

REWARD_NAME = "vqa"
REWARD_TYPE = "batch"

FORMAT = re.compile(r"\s*<think>.*?</think>\s*<answer>.*?</answer>\s*", re.DOTALL)
ANSWER = re.compile(r"<answer>(.*?)</answer>", re.DOTALL)
ARTICLES = re.compile(r"\b(a|an|the)\b")
PUNCTUATION = str.maketrans({mark: " " for mark in string.punctuation})


def _normal(text: str) -> str:
    """Lower case, without punctuation, articles and surplus spaces."""
    return " ".join(ARTICLES.sub(" ", text.lower().translate(PUNCTUATION)).split())


def _format(response: str) -> float:
    once = all(response.count(tag) == 1 for tag in ("<think>", "</think>", "<answer>", "</answer>"))
    return 1.0 if once and FORMAT.fullmatch(response) else 0.0


def _accuracy(response: str, ground_truth: str) -> float:
    answer = ANSWER.search(response)
    return 1.0 if answer and _normal(answer.group(1)) == _normal(_inner(ground_truth)) else 0.0


def _inner(text: str) -> str:
    tagged = ANSWER.search(text)
    return tagged.group(1) if tagged else text


def vqa_reward(reward_inputs: list[dict[str, Any]], format_weight: float = 0.5) -> list[dict[str, float]]:
    scores = []
    for reward_input in reward_inputs:
        form = _format(reward_input["response"])
        accuracy = _accuracy(reward_input["response"], reward_input["ground_truth"])
        overall = (1 - format_weight) * accuracy + format_weight * form
        scores.append({"overall": overall, "format": form, "accuracy": accuracy})
    return scores
