"""Made up, in the form of the countdown reward among the plugins of modelscope/ms-swift (examples/train/grpo/plugin)."""

import re
from typing import List

from swift.plugin import ORM, orms


class Countdown(ORM):
    def __call__(self, completions, target, nums, **kwargs) -> List[float]:
        rewards = []
        for completion, goal, numbers in zip(completions, target, nums):
            try:
                equation = re.search(r"<answer>(.*?)</answer>", completion).group(1)
                used = sorted(int(number) for number in re.findall(r"\d+", equation))
                if used != sorted(numbers) or not re.fullmatch(r"[\d+\-*/().\s]+", equation):
                    rewards.append(0.0)
                    continue
                rewards.append(1.0 if abs(eval(equation, {"__builtins__": None}, {}) - goal) < 1e-5 else 0.0)
            except Exception:
                rewards.append(0.0)
        return rewards


orms["external_countdown"] = Countdown
