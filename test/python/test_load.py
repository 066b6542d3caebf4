import os
import sys
import textwrap
import unittest

import house
from grpo_lens import stubs
from grpo_lens.load import load
from grpo_lens.problem import Problem
from grpo_lens.rows import Rows


def call(files: dict, name: str = "reward", file: str = "rewards.py"):
    """What the reward of this file gives for two made-up rows."""
    root = house.folder(files)
    path = os.path.join(root, file)
    with open(path, encoding="utf-8") as text:
        loaded = load(text.read(), path, name)
    rows = Rows({"prompt": ["p", "q"], "completion": ["A", "b"], "solution": ["A", "B"]})
    return loaded.framework.caller(loaded.target, rows, loaded.reward)(0, 2)


class Load(unittest.TestCase):
    def check(self, body: str, expected: object, **files: str) -> None:
        self.assertEqual(
            call({"rewards.py": body, **{name + ".py": text for name, text in files.items()}}), expected, body
        )

    def problem(self, body: str, message: str) -> None:
        with self.assertRaises(Problem) as raised:
            call({"rewards.py": body})
        self.assertEqual(str(raised.exception), message)

    def test_each_way_of_calling(self) -> None:
        self.check(
            "def reward(completions, solution, **k): return [c == s for c, s in zip(completions, solution)]",
            [True, False],
        )
        self.check("async def reward(completions, **k): return [len(c) for c in completions]", [1, 1])
        self.check(
            "def reward(completions, trainer_state, log_metric, **k):\n    log_metric('a', 1.0)\n    return [1, 2]",
            [1, 2],
        )
        self.check(
            "from swift.plugin import ORM\nclass reward(ORM):\n    def __call__(self, completions, solution, **k): return solution",
            ["A", "B"],
        )
        self.check(
            "from swift.rewards import AsyncORM\nclass reward(AsyncORM):\n    def __init__(self, args, **k): super().__init__(args)\n    async def __call__(self, completions, **k): return [1, 2]",
            [1, 2],
        )
        self.check(
            "def reward(data_source, solution_str, ground_truth, extra_info): return solution_str + ground_truth",
            ["AA", "bB"],
        )
        self.check("async def reward(solution_str, ground_truth, **k): return {'score': 1.0}", [{"score": 1.0}] * 2)
        self.check(
            "def reward(reward_inputs): return [{'overall': i['response'] + i['ground_truth']} for i in reward_inputs]",
            [{"overall": "AA"}, {"overall": "bB"}],
        )
        self.check(
            "REWARD_TYPE = 'sequential'\ndef reward(reward_input): return {'overall': reward_input['response']}",
            [{"overall": "A"}, {"overall": "b"}],
        )
        self.check(
            "def reward(reward_input): return [{'overall': i['response']} for i in reward_input]",
            [{"overall": "A"}, {"overall": "b"}],
        )
        self.check("def reward(predicts, ground_truths): return predicts", ["A", "b"])
        self.check("def reward(text, solution): return text == solution", [True, False])

    def test_messages_whose_content_is_parts(self) -> None:
        said = [{"role": "assistant", "content": [{"type": "text", "text": "A"}, {"type": "text", "text": "b"}]}]
        self.assertEqual(Rows({"completion": [said, [{"role": "assistant", "content": "c"}]]}).texts, ["Ab", "c"])

    def test_names_and_helpers(self) -> None:
        registered = "from swift.plugin import ORM, orms\nclass A(ORM):\n    def __call__(self, completions, **k): return [1, 2]\norms['x'] = A"
        self.assertEqual(call({"rewards.py": registered}, "x"), [1, 2])
        self.check(
            "from helper import one\ndef reward(completions, **k): return [one()] * 2",
            [1, 1],
            helper="def one(): return 1",
        )
        self.check(
            "from helper import one\ndef reward(completions, **k): return [one()] * 2",
            [2, 2],
            helper="def one(): return 2",
        )
        package = {
            "pack/__init__.py": "",
            "pack/parts.py": "two = 2",
            "pack/rewards.py": "from .parts import two\ndef reward(completions, **k): return [two, __name__]",
        }
        self.assertEqual(call(package, file="pack/rewards.py"), [2, "pack.rewards"])
        dataclass = "from __future__ import annotations\nimport dataclasses\n@dataclasses.dataclass\nclass D:\n    x: int\ndef reward(completions, **k): return [D(1).x, 2]"
        self.assertEqual(call({"math.py": dataclass}, file="math.py"), [1, 2])

    def test_modules_above_are_found_and_the_path_is_told(self) -> None:
        above = {
            "pyproject.toml": "",
            "common/text.py": "import below\ndef one(): return below.ONE",
            "below.py": "ONE = 1",
            "rewards/math/a.py": "from common.text import one\ndef reward(completions, **k): return [one(), 2]",
        }
        self.assertEqual(call(above, file="rewards/math/a.py"), [1, 2])
        ((name, folder),) = stubs.log.paths.items()
        self.assertEqual((name, os.path.exists(os.path.join(folder, "pyproject.toml"))), ("common", True))
        beyond = {
            "outside.py": "ONE = 1",
            "own/pyproject.toml": "",
            "own/a.py": "def f():\n    import outside\nf()\ndef reward(completions, **k): pass",
        }
        with self.assertRaises(Problem):
            call(beyond, file="own/a.py")

    def test_what_stands_among_the_modules_need_not_be_one(self) -> None:
        odd = "import sys\nclass Odd:\n    __file__ = None\n    @property\n    def __path__(self): raise KeyError('no')\nsys.modules['odd'] = Odd()\n"
        self.check(odd + "def reward(completions, **k): return [1, 2]", [1, 2])
        del sys.modules["odd"]

    def test_what_is_not_installed(self) -> None:
        self.check(
            "import torch_not_here\nfrom verl import DataProto\ndef reward(completions, x: DataProto = None, **k): return [1, 2]",
            [1, 2],
        )
        self.check(
            "from trl import GRPOConfig\nclass C(GRPOConfig): pass\ndef reward(completions, **k): return [1, 2]", [1, 2]
        )
        for body in [
            "import torch_not_here as t\ndef reward(completions, **k):\n    try: return [t.tensor(1), 2]\n    except Exception: return [0, 0]",
            "from verl.utils import score_it\ndef reward(completions, **k):\n    try: return [score_it(c) for c in completions]\n    except Exception: return [0, 0]",
            "def reward(completion_ids, completions, **k):\n    try: return [len(ids) for ids in completion_ids]\n    except Exception: return [0, 0]",
        ]:
            with self.assertRaises(stubs.Unavailable):
                call({"rewards.py": body})
            self.assertEqual(len(stubs.log.used), 1)
        hidden = "try:\n    from math_verify import parse\nexcept Exception:\n    parse = None\ndef reward(completions, **k): return [1, 2]"
        self.check(hidden, [1, 2])
        self.assertEqual(stubs.log.missing, {"math_verify": 2})

    def test_a_training_script_is_not_run(self) -> None:
        script = """
            import re
            from trl import GRPOConfig, GRPOTrainer
            PATTERN = re.compile("A")
            def reward(completions, **k): return [bool(PATTERN.match(c)) for c in completions]
            data = open("/not/there")
            {start}
        """
        for start in ("trainer = GRPOTrainer(data)\ntrainer.train()", "for _ in range(3): print(GRPOTrainer(data))"):
            self.assertEqual(call({"rewards.py": textwrap.dedent(script).replace("{start}", start)}), [True, False])
        with self.assertRaises(Problem):
            call({"rewards.py": textwrap.dedent(script).replace("{start}", "")})

    def test_what_only_training_has_may_be_made_while_loading(self) -> None:
        top = "from transformers import AutoTokenizer, is_x_available\nfrom verl.utils import register\ntokenizer = AutoTokenizer.from_pretrained('x')\nFLAG = 1 if is_x_available() else 2\n"
        self.check(top + "@register('a')\ndef reward(completions, **k): return [FLAG, 2]", [2, 2])
        with self.assertRaises(stubs.Unavailable):
            call(
                {
                    "rewards.py": top
                    + "def reward(completions, **k): return [len(tokenizer.encode(c)) for c in completions]"
                }
            )

    def test_problems_are_one_sentence(self) -> None:
        self.problem(
            "def reward(completions)\n    pass",
            "rewards.py, line 1: "
            + ("invalid syntax" if sys.version_info < (3, 10) else "expected ':'")
            + ". The reward runs again once this is mended.",
        )
        self.problem("def other(completions): pass", 'rewards.py has no reward "reward"; rewards found there: other.')
        self.problem(
            "def reward(completions): pass\nraise ValueError('no')",
            "rewards.py, line 2: the file cannot be loaded: ValueError: no.",
        )
        self.problem(
            "import sys\nsys.exit(2)\ndef reward(completions): pass",
            "rewards.py, line 2: the file cannot be loaded: SystemExit: 2.",
        )
        self.problem(
            "def f():\n    import not_here_at_all\nf()\ndef reward(completions): pass",
            "rewards.py, line 2: the module not_here_at_all is not found by this Python; install it or choose another interpreter.",
        )
        package = r"[\w-]+"
        with self.assertRaisesRegex(
            Problem,
            rf"^rewards\.py, line 1: {package}\.utils is not beside this file; open the file within the package that it",
        ):
            call({"rewards.py": "from .utils import f\ndef reward(completions): pass"})


if __name__ == "__main__":
    unittest.main()
