"""Two rewards for the counting task, as TRL calls them. Change them and train again: it takes a minute."""

import re

ANSWER = re.compile(r"<answer>(.*?)</answer>", re.DOTALL)
FORMAT = re.compile(r"\s*<think>.*?</think>\s*<answer>.*?</answer>\s*", re.DOTALL)


def accuracy_reward(completions, solution, **kwargs):
    """1.0 where the answer is the solution's."""
    scores = []
    for completion, truth in zip(completions, solution):
        found = ANSWER.search(completion)
        expected = ANSWER.search(truth).group(1).strip()
        scores.append(1.0 if found and found.group(1).strip() == expected else 0.0)
    return scores


def format_reward(completions, **kwargs):
    """1.0 where the completion is <think>…</think><answer>…</answer> and nothing else."""
    return [1.0 if FORMAT.fullmatch(completion) else 0.0 for completion in completions]
