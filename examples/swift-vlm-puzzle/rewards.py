"""Rewards for two visual puzzles, as ms-swift plugins: `--external_plugins rewards.py --reward_funcs vlm_puzzle`.

Eyeballing asks for one letter in <answer>; maze asks for a path, a list such as [1, 5, 9]. `vlm_puzzle` looks at the
solution to tell which of the two a sample is.
"""

import ast
import re
from typing import List, Optional

from swift.rewards import ORM, orms

THINKING = re.compile(r"^.*</think>", re.DOTALL)
ANSWER = re.compile(r"<answer>(.*?)</answer>", re.DOTALL)


def _after_thinking(text: str) -> str:
    return THINKING.sub("", text, count=1)


def _letter(text: str) -> Optional[str]:
    """The letter, where there is one answer and nothing but one letter in it."""
    answers = ANSWER.findall(text)
    if len(answers) != 1:
        return None
    answer = answers[0].strip()
    return answer.upper() if re.fullmatch(r"[A-Za-z]", answer) else None


def _lists(text: str) -> List[str]:
    """Each outermost [...] of the text."""
    found, depth, start = [], 0, 0
    for at, char in enumerate(text):
        if char == "[":
            if depth == 0:
                start = at
            depth += 1
        elif char == "]" and depth > 0:
            depth -= 1
            if depth == 0:
                found.append(text[start : at + 1])
    return found


def _plain(value):
    """Tuples as lists, so that (0, 1) and [0, 1] are the same place."""
    return [_plain(item) for item in value] if isinstance(value, (list, tuple)) else value


def _path(text: str) -> Optional[list]:
    """The last list that can be read; in <answer> where there is one."""
    answers = ANSWER.findall(text)
    for candidate in reversed(_lists(answers[-1] if answers else text)):
        try:
            return _plain(ast.literal_eval(candidate))
        except (ValueError, SyntaxError, MemoryError, RecursionError):
            continue
    return None


def _same_at_start(a: list, b: list) -> int:
    count = 0
    for one, other in zip(a, b):
        if one != other:
            break
        count += 1
    return count


def _truth(solution) -> str:
    """The solution without its <answer> tags."""
    text = str(solution)
    match = ANSWER.search(text)
    return (match.group(1) if match else text).strip()


def _eyeballing(completion: str, solution) -> float:
    letter = _letter(_after_thinking(completion))
    if letter is None:
        return -1.0
    return 1.0 if letter == _truth(solution).upper() else 0.0


def _maze(completion: str, solution) -> float:
    path = _path(_after_thinking(completion))
    if path is None:
        return -1.0
    truth = _plain(solution) if isinstance(solution, (list, tuple)) else _path(_truth(solution))
    if truth is None:
        raise ValueError(f"the solution {solution!r} is no path")
    if path == truth:
        return 1.0
    matched = _same_at_start(path, truth) + _same_at_start(path[::-1], truth[::-1])
    return min(1.0, max(0.0, matched / max(len(path), len(truth))))


def _is_path(solution) -> bool:
    return isinstance(solution, (list, tuple)) or _truth(solution).startswith("[")


class EyeballingReward(ORM):
    """-1 unless <answer> holds exactly one letter; then 1 for the right one, else 0."""

    def __call__(self, completions, solution, **kwargs) -> List[float]:
        return [_eyeballing(completion, truth) for completion, truth in zip(completions, solution)]


class MazeReward(ORM):
    """-1 without a readable list; 1 for the path itself, else the share of it that is right from both ends."""

    def __call__(self, completions, solution, **kwargs) -> List[float]:
        return [_maze(completion, truth) for completion, truth in zip(completions, solution)]


class VLMPuzzleReward(ORM):
    """Each sample by its own puzzle's rule: a solution that is a list belongs to a maze."""

    def __call__(self, completions, solution, **kwargs) -> List[float]:
        return [
            _maze(completion, truth) if _is_path(truth) else _eyeballing(completion, truth)
            for completion, truth in zip(completions, solution)
        ]


orms["reward_eyeballing"] = EyeballingReward
orms["reward_maze"] = MazeReward
orms["vlm_puzzle"] = VLMPuzzleReward
