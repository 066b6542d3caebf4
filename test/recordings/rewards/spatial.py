"""Two rules told apart by the solution: a path through a maze, or exactly one letter."""

import ast
import re

from swift.plugin import ORM, orms

ANSWER = re.compile(r"<answer>(.*?)</answer>", re.DOTALL)


def parse_list(text):
    found = re.search(r"\[(.*?)\]", text, re.DOTALL)
    if found is None:
        return None
    try:
        return ast.literal_eval(found.group())
    except Exception:
        return [part.strip() for part in found.group(1).split(",")]


def common_prefix(a, b):
    n = 0
    for x, y in zip(a, b):
        if x != y:
            break
        n += 1
    return n


def maze_score(pred, gold):
    if pred == gold:
        return 1.0
    return (common_prefix(pred, gold) + common_prefix(pred[::-1], gold[::-1])) / max(len(gold), 1)


class SpatialReward(ORM):
    def __call__(self, completions, solution, **kwargs):
        rewards = []
        for content, sol in zip(completions, solution):
            gold_list = parse_list(sol)
            if gold_list is not None:
                pred = parse_list(content)
                if pred is None:
                    rewards.append(-1.0)
                    continue
                rewards.append(maze_score(pred, gold_list))
                continue
            found = ANSWER.findall(content)
            if len(found) != 1:
                rewards.append(-1.0)
                continue
            letter = found[0].strip()
            if not re.fullmatch(r"[A-Za-z]", letter):
                rewards.append(-1.0)
                continue
            gold = ANSWER.search(sol).group(1).strip()
            rewards.append(1.0 if letter.upper() == gold.upper() else 0.0)
        return rewards


orms["spatial"] = SpatialReward
