"""Made up, in the form of the rewards of huggingface/open-r1 (src/open_r1/rewards.py): lists of messages, None for what
cannot be judged, a function that makes a reward."""

import math
import re


def accuracy_reward(completions, solution, **kwargs):
    contents = [completion[0]["content"] for completion in completions]
    rewards = []
    for content, sol in zip(contents, solution):
        found = re.search(r"<answer>\s*(.*?)\s*</answer>", content)
        rewards.append(None if found is None else float(found.group(1) == sol))
    return rewards


def format_reward(completions, **kwargs):
    pattern = r"^<think>\n.*?\n</think>\n<answer>.*?</answer>$"
    contents = [completion[0]["content"] for completion in completions]
    return [1.0 if re.match(pattern, content, re.DOTALL | re.MULTILINE) else 0.0 for content in contents]


def make_cosine(longest):
    def cosine_reward(completions, **kwargs):
        lengths = (min(len(completion[0]["content"]), longest) for completion in completions)
        return [0.5 * (1.0 + math.cos(length / longest * math.pi)) for length in lengths]

    return cosine_reward


def cosine_scaled_reward(completions, **kwargs):
    return make_cosine(100)(completions, **kwargs)
