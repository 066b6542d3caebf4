"""The dual reward of a video trainer of one's own: 0.3 for the format, 0.7 for the actions that were named."""

import re

FORMAT_WEIGHT = 0.3
ACCURACY_WEIGHT = 0.7

THINK = re.compile(r"<think>.*?</think>", re.DOTALL)
ANSWER = re.compile(r"<answer>(.*?)</answer>", re.DOTALL)
NUMBER = re.compile(r"\(\d+\)")


def _format(completion):
    """0.3 for the thinking, 0.3 for the answer, 0.4 where an answer follows the thinking."""
    think = THINK.search(completion)
    score = (0.3 if think else 0.0) + (0.3 if ANSWER.search(completion) else 0.0)
    if think and ANSWER.search(completion, think.end()):
        score += 0.4
    return score


def _actions(text):
    """`(1) Take the wheel (2) Screw it on` → the set of its actions."""
    parts = (" ".join(part.split()).strip(" .,;").lower() for part in NUMBER.split(text))
    return {part for part in parts if part}


def _accuracy(completion, solution):
    """1 where the answers are the same, else the intersection of the action sets over their union."""
    found, expected = ANSWER.findall(completion), ANSWER.search(solution)
    if not found:
        return 0.0
    given, truth = found[-1].strip(), (expected.group(1) if expected else solution).strip()
    if given == truth:
        return 1.0
    ours, theirs = _actions(given), _actions(truth)
    return len(ours & theirs) / len(ours | theirs) if ours | theirs else 0.0


def dual_reward(completion, solution):
    return FORMAT_WEIGHT * _format(completion) + ACCURACY_WEIGHT * _accuracy(completion, solution)
