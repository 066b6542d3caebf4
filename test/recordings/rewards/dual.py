"""Format and accuracy in one number."""

import re

STEP = re.compile(r"\(\d+\)\s*([^()]+)")


def format_score(text):
    score = 0.0
    if "<think>" in text and "</think>" in text:
        score += 0.3
    if "<answer>" in text and "</answer>" in text:
        score += 0.3
    if -1 < text.find("</think>") < text.find("<answer>"):
        score += 0.4
    return score


def accuracy_score(text, gold):
    found = re.search(r"<answer>(.*?)</answer>", text, re.DOTALL)
    given = found.group(1).strip() if found else ""
    if given == gold:
        return 1.0
    p, g = set(STEP.findall(given)), set(STEP.findall(gold))
    return len(p & g) / len(p | g) if p and g else 0.0


def dual_reward(text, solution):
    return 0.3 * format_score(text) + 0.7 * accuracy_score(text, solution)
