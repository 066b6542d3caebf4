"""Made up, in the form of hiyouga/EasyR1's examples/reward_function: a list of inputs, a dictionary for each."""

import re
from typing import Any

REWARD_NAME = "made_up"
REWARD_TYPE = "batch"


def format_reward(response: str) -> float:
    return 1.0 if re.fullmatch(re.compile(r"<think>.*</think>.*<answer>.*</answer>", re.DOTALL), response) else 0.0


def accuracy_reward(response: str, ground_truth: str) -> float:
    answer = re.search(r"<answer>(.*?)</answer>", response)
    return 1.0 if (answer.group(1) if answer else response).strip() == ground_truth else 0.0


def compute_score(reward_inputs: list[dict[str, Any]], format_weight: float = 0.1) -> list[dict[str, float]]:
    scores = []
    for reward_input in reward_inputs:
        response = re.sub(r"\s*(<|>|/)\s*", r"\1", reward_input["response"])
        format_score = format_reward(response)
        accuracy_score = accuracy_reward(response, reward_input["ground_truth"])
        overall = (1 - format_weight) * accuracy_score + format_weight * format_score
        scores.append({"overall": overall, "format": format_score, "accuracy": accuracy_score})
    return scores
