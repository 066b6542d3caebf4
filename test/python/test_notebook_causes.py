"""The causes in an output of `score`: they are those of the file's own trace, bounded, and never in the way."""

import linecache
import os
import time
import unittest

import house  # noqa: F401
from grpo_lens.notebook import score

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
RIGHT = {"completion": "<think>x</think><answer> 7 </answer>", "solution": "<answer> 7 </answer>"}
SAMPLES = [RIGHT, {**RIGHT, "completion": "7"}, {**RIGHT, "completion": "8"}]


def cell(code, count=1):
    """Names that a cell defines, as our kernel runs it."""
    name = f"<cell In[{count}]>"
    linecache.cache[name] = (len(code), None, code.splitlines(keepends=True), name)
    return name


def causes(reward, samples=SAMPLES):
    return score(reward, samples).data["causes"]


class Causes(unittest.TestCase):
    def test_one_sample_of_each_score_from_the_least(self):
        told = causes(os.path.join(ROOT, "examples", "trl-count", "rewards.py:accuracy_reward"))
        self.assertEqual([(c["row"], c["score"], c["samples"]) for c in told], [(1, 0, 2), (0, 1, 1)])
        self.assertEqual(told[0]["why"]["value"], "0.0")
        self.assertIn("found", told[0]["why"]["because"][0]["test"])

    def test_helpers_of_other_cells_are_traced_too(self):
        names = {"__name__": "__main__"}
        helper = "def extract(text):\n    return text.strip('7')\n"
        exec(compile(helper, cell(helper, 1), "exec"), names)
        reward = "\ndef reward(completions, **kwargs):\n    return [float(len(extract(c))) for c in completions]\n"
        exec(compile(reward, cell(reward, 2), "exec"), names)
        told = causes(names["reward"])[0]
        self.assertEqual((told["row"], told["why"]["line"], told["why"]["file"]), (1, 3, "<cell In[2]>"))
        texts = str(told["why"])
        self.assertIn("text.strip('7')", texts)
        self.assertEqual(score(names["reward"], SAMPLES).data["reward"]["cell"], "In[2]")

    def test_an_error_leads_to_the_line_that_raised_it(self):
        names = {}
        code = (
            "def reward(completions, **kwargs):\n    values = [1]\n    return [values[len(c)] for c in completions]\n"
        )
        exec(compile(code, cell(code, 3), "exec"), names)
        told = causes(names["reward"])
        self.assertEqual((told[0]["score"], told[0]["samples"], told[0]["why"]["line"]), ("error", 3, 3))

    def test_what_cannot_be_defined_twice_has_no_cause_and_scores_all_the_same(self):
        def outer():
            def reward(completions, **kwargs):
                return [1.0 for _ in completions]

            return reward

        self.assertEqual(causes(outer()), [])
        names = {"seen": []}
        code = "def once(f):\n    assert not seen\n    seen.append(f)\n    return f\n\n@once\ndef reward(completions, **kwargs):\n    return [1.0 for _ in completions]\n"
        exec(compile(code, cell(code, 4), "exec"), names)
        data = score(names["reward"], SAMPLES).data
        self.assertEqual((data["causes"], data["samples"]["rows"][0]["scores"]), ([], [1.0]))

    def test_a_slow_reward_is_not_called_again(self):
        names = {"time": time, "calls": []}
        code = "def reward(completions, **kwargs):\n    calls.append(1)\n    time.sleep(0.25)\n    return [1.0 for _ in completions]\n"
        exec(compile(code, cell(code, 5), "exec"), names)
        self.assertEqual(causes(names["reward"], SAMPLES[:1]), [])
        self.assertEqual(len(names["calls"]), 1)

    def test_many_scores_give_few_causes(self):
        names = {}
        code = "def reward(completions, **kwargs):\n    return [float(len(c)) for c in completions]\n"
        exec(compile(code, cell(code, 6), "exec"), names)
        told = causes(names["reward"], [{"completion": "x" * size} for size in range(50)])
        self.assertEqual([cause["score"] for cause in told], [0, 1, 2, 3, 4, 5])


if __name__ == "__main__":
    unittest.main()
