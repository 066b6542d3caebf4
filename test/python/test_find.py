import os
import textwrap
import unittest

import house  # noqa: F401
from grpo_lens.find import find


def shown(source: str) -> list:
    return [
        f"{reward['line']} {reward['call']} {reward['kind']} {reward['name']}({', '.join(reward['needs'])})"
        + (" async" if reward["async"] else "")
        + (" any" if reward["takesAny"] else "")
        + (f" {reward['shape']}" if reward["shape"] != "batch" else "")
        + (f" = {', '.join(reward['registered'])}" if reward["registered"] else "")
        for reward in find(textwrap.dedent(source), "rewards.py")["rewards"]
    ]


class Find(unittest.TestCase):
    def check(self, source: str, *expected: str) -> None:
        self.assertEqual(shown(source), list(expected), source)

    def test_functions_over_lists(self) -> None:
        self.check("def a(completions, **kwargs): pass", "1 trl function a() any")
        self.check("async def a(prompts, completions, solution, level=1): pass", "1 trl function a(solution) async")
        self.check("def _a(completions, **kwargs): pass")
        self.check("def a(x): pass\nclass completions: pass")
        self.check("if True:\n    def a(*, completions, gold): pass", "2 trl function a(gold)")
        self.check(
            "def a(completions): return b(completions)\ndef b(completions): pass",
            "1 trl function a()",
            "2 trl function b()",
        )

    def test_classes(self) -> None:
        self.check(
            """
            from swift.plugin import ORM, orms
            class Acc(ORM):
                def __call__(self, completions, solution, **kwargs): pass
            class Base(ORM):
                pass
            class Sub(Acc): pass
            class Loose:
                async def __call__(self, completions): pass
            class Other: pass
            orms['acc'] = Acc
            orms['loose'] = Loose
            """,
            "3 swift class Acc(solution) any = acc",
            "7 swift class Sub(solution) any",
            "8 swift class Loose() async = loose",
        )
        self.check(
            "import swift.rewards\nclass A(swift.rewards.AsyncORM):\n    async def __call__(self, completions, **k): pass",
            "2 swift class A() async any",
        )

    def test_one_sample_a_call(self) -> None:
        self.check(
            "def compute_score(data_source, solution_str, ground_truth, extra_info=None): pass",
            "1 verl function compute_score() single",
        )
        self.check("def mine(solution_str, ground_truth, method='x', **kw): pass", "1 verl function mine() any single")
        self.check("def f(data_sources, solution_strs, ground_truths, extra_infos): pass", "1 verl function f()")

    def test_inputs_as_dictionaries(self) -> None:
        self.check("def compute_score(reward_inputs, format_weight=0.1): pass", "1 easyr1 function compute_score()")
        self.check(
            "REWARD_TYPE = 'sequential'\ndef compute_score(reward_input, w): pass",
            "2 easyr1 function compute_score(w) single",
        )
        self.check("def compute_score(predicts, ground_truths): pass", "1 easyr1 function compute_score()")

    def test_ones_own(self) -> None:
        self.check(
            """
            def format_reward(text): pass
            def accuracy_reward(text, solution): pass
            def dual_reward(text, solution): return format_reward(text) + accuracy_reward(text, solution)
            def load(path): pass
            """,
            "4 own function dual_reward(solution) single",
        )

    def test_what_it_reaches(self) -> None:
        for source, expected in [
            ("import re, json", []),
            ("from openai import OpenAI", ["network"]),
            ("def f():\n    import subprocess", ["processes"]),
            ("import urllib.request\nfrom os import system", ["network", "processes"]),
            ("import urllib.parse", []),
            ("import os\ndef f(): os.popen('ls')", ["processes"]),
            ("import os\ndef f(): os.path.join('ls')", []),
        ]:
            self.assertEqual(find(source, "rewards.py")["reaches"], expected, source)

    def test_what_its_helpers_reach(self) -> None:
        root = house.folder({"judge.py": "import inner", "inner.py": "import openai"})
        self.assertEqual(find("import judge", os.path.join(root, "rewards.py"))["reaches"], ["network"])

    def test_broken_texts(self) -> None:
        good = "def a(completions): pass\n\n"
        for rest, line in [
            ("def b(:\n    pass\ndef c(completions): pass\n", 3),
            ("x = (\n", 3),
            ("  y\n", 3),
            ("s = '''\n", 3),
            ("if a:\n    b\n  c\n", 5),
        ]:
            found = find(good + rest, "rewards.py")
            self.assertEqual([reward["name"] for reward in found["rewards"]], ["a"], rest)
            self.assertEqual(found["broken"]["line"], line, rest)
            self.assertTrue(found["broken"]["message"].endswith(f"(line {line})"))
        self.assertIn("broken", find("a\0b", "rewards.py"))
        self.assertIn("broken", find("(" * 5000, "rewards.py"))


if __name__ == "__main__":
    unittest.main()
