"""Every check of a reward before training, for each framework whose trainer would stumble in its own way."""

import os
import tempfile
import unittest

import house
from grpo_lens.authority import Around
from grpo_lens.leftovers import cleared
from grpo_lens.limits import Limits
from grpo_lens.prints import Prints
from grpo_lens.rows import Rows
from grpo_lens.trace.run import run

LIMITS = Limits(tempfile.TemporaryFile(), None)
tearDownModule = LIMITS.rest  # else its hard limit ends this Python in the midst of another file's tests
AROUND = Around(LIMITS, Prints(tempfile.TemporaryFile("a+b", buffering=0)), lambda *_: None, lambda: False)

TRL = "def reward(completions, {more}**kwargs):\n    return {gives}\n"
SWIFT = """
from swift.rewards import ORM, orms
class Reward(ORM):
    def __call__(self, completions, {more}**kwargs):
        return {gives}
orms['reward'] = Reward
"""
VERL = "def reward(data_source, solution_str, ground_truth, extra_info=None{more}):\n    return {gives}\n"
EASYR1 = "def reward(reward_inputs{more}):\n    return {gives}\n"
EACH = "[None if c == '2' else 1.0 for c in completions]"


def contract(source: str, files: dict = None, path: str = "rewards.py") -> list:
    """The findings for eight samples in two batches."""
    texts = [str(at) for at in range(8)]
    rows = Rows({"prompt": ["p"] * 8, "completion": texts, "solution": texts})
    root = house.folder({**(files or {}), path: source})
    args = {"source": source, "path": os.path.join(root, path), "reward": "reward", "timeout": 5}
    with cleared():
        return run({**args, "batches": [[0, 4], [4, 8]]}, rows, AROUND)["contract"]


class Contract(unittest.TestCase):
    maxDiff = None

    def check(self, form: str, gives: str, *expected: str, more: str = "") -> None:
        found = contract(form.format(gives=gives, more=more))
        self.assertEqual([f"{one['weight']} {one['rule']}: {one['text']}" for one in found], list(expected), gives)

    def test_nothing_to_say(self) -> None:
        for form, gives in [
            (TRL, "[1.0 for c in completions]"),
            (SWIFT, "[1.0 for c in completions]"),
            (VERL, "1.0"),
            (VERL, "{'score': 1.0, 'acc': 0}"),
            (EASYR1, "[{'overall': 1.0} for one in reward_inputs]"),
        ]:
            self.check(form, gives)

    def test_lists_of_the_wrong_length(self) -> None:
        one, two = "[1.0]", "[1.0, 2.0]"
        said = "error wrong-length: In a batch it returned {} rewards for 4 completions; {}."
        self.check(
            TRL, one, said.format(1, "TRL broadcasts a list of one to the whole batch without a word (trl#6533)")
        )
        self.check(TRL, two, said.format(2, "TRL stops with a shape error"))
        self.check(SWIFT, one, said.format(1, "ms-swift broadcasts it or stops, depending on the version"))
        self.check(SWIFT, two, said.format(2, "ms-swift stops with a shape error"))
        self.check(
            EASYR1,
            "[{'overall': 1.0}]",
            said.format(1, "EasyR1 gives rewards to the first samples of the batch only, or stops"),
        )

    def test_none(self) -> None:
        said = "warning gives-none: It gives None for 1 of 8 samples (#2); "
        self.check(
            TRL,
            EACH,
            said
            + "TRL turns None into NaN, which is left out of the weighted sum; where every reward is None the completion gets advantage 0.",
        )
        self.check(
            SWIFT,
            EACH,
            said
            + "ms-swift turns None into NaN and leaves it out of the weighted sum (nansum): where every reward is None the total is 0.",
        )
        self.check(
            VERL,
            "None if solution_str == '2' else 1.0",
            said + "verl stops: a score must be a number, or a dictionary with the key score.",
        )

    def test_nan_and_infinity(self) -> None:
        said = "warning gives-nan: It gives NaN for 1 of 8 samples (#2); "
        nan = "[float('nan') if c == '2' else 1.0 for c in completions]"
        self.check(TRL, nan, said + "TRL leaves NaN out of the weighted sum, as it does None.")
        self.check(SWIFT, nan, said + "ms-swift leaves NaN out of the weighted sum, as it does None.")
        self.check(
            EASYR1,
            "[{'overall': float('nan') if one['response'] == '2' else 1.0} for one in reward_inputs]",
            said + "EasyR1 puts NaN on the last token, and the advantages of the whole group become NaN.",
        )
        self.check(
            TRL,
            "[float('inf') if c == '2' else 1.0 for c in completions]",
            "error gives-infinity: It gives an infinite reward for 1 samples (#2); the advantages of their groups become NaN.",
        )

    def test_wrong_types(self) -> None:
        text = "error wrong-type: In a batch a reward is a str, not a number; {}."
        self.check(TRL, "completions", text.format("TRL stops when it makes a tensor of it"))
        self.check(SWIFT, "completions", text.format("ms-swift stops when it makes a tensor of it"))
        self.check(
            VERL,
            "solution_str",
            text.format("verl stops: a score must be a number, or a dictionary with the key score"),
        )
        self.check(
            VERL,
            "{'reward': 1.0}",
            "error wrong-type: In a batch a reward is a dictionary without 'score'; verl stops: a score must be a number, or a dictionary with the key score.",
        )
        self.check(
            EASYR1,
            "[1.0 for one in reward_inputs]",
            "error wrong-type: In a batch a reward is a float, not a dictionary with the key 'overall'; EasyR1 stops: a score must be a dictionary with the key overall.",
        )
        self.check(
            TRL,
            "1.0",
            "error wrong-type: In a batch it returned a float instead of a list of 4 rewards; TRL stops when it makes a tensor of it.",
        )

    def test_columns_and_keywords(self) -> None:
        said = "error missing-column: reward needs the column `boxes`, which these samples do not have; {}."
        for form, effect in [
            (TRL, "TRL calls it without and stops with a TypeError"),
            (SWIFT, "ms-swift calls it without and stops with a TypeError"),
        ]:
            found = contract(form.format(gives="[1.0 for c in completions]", more="boxes, "))
            self.assertIn(
                said.format(effect),
                [f"{f['weight']} {f['rule']}: {f['text'].replace('Reward', 'reward')}" for f in found],
            )
        found = contract("def reward(completions):\n    return [1.0 for c in completions]\n")
        self.assertEqual(
            [(one["rule"], one["weight"]) for one in found], [("signature", "error"), ("no-kwargs", "error")]
        )

    def test_a_column_that_is_taken_from_the_keywords(self) -> None:
        for form in (TRL, SWIFT):
            name = "reward" if form is TRL else "Reward"
            self.check(
                form,
                "[float(one) for one in kwargs['verification_info']]",
                f"error missing-column: {name} takes the column `verification_info`, which these samples do not have; "
                "training without it stops there, too.",
            )

    def test_unregistered_and_async(self) -> None:
        source = SWIFT.format(gives="[1.0 for c in completions]", more="").replace("orms['reward'] = Reward", "")
        (found,) = contract(source.replace("class Reward", "class reward"))
        self.assertEqual(found["rule"], "unregistered")
        (found,) = contract(
            "async def reward(reward_inputs):\n    return [{'overall': 1.0} for one in reward_inputs]\n"
        )
        self.assertEqual((found["rule"], found["weight"]), ("async", "error"))
        (found,) = contract(
            "from swift.plugin import ORM, orms\nclass Reward(ORM):\n    async def __call__(self, completions, **kwargs):\n        return [1.0 for c in completions]\norms['reward'] = Reward\n"
        )
        self.assertEqual((found["rule"], found["weight"]), ("async", "error"))
        self.assertEqual(
            contract("async def reward(completions, **kwargs):\n    return [1.0 for c in completions]\n"), []
        )

    def test_what_easyr1_passes(self) -> None:
        (found,) = contract("def reward(reward_input):\n    return [{'overall': 1.0} for one in reward_input]\n")
        self.assertEqual((found["rule"], found["weight"]), ("reward-type", "warning"))

    def test_what_verl_passes(self) -> None:
        (found,) = contract("def reward(solution_str, ground_truth, method='strict'):\n    return 1.0\n")
        self.assertEqual((found["rule"], found["weight"]), ("signature", "error"))
        self.assertIn("takes no data_source and no extra_info", found["text"])

    def test_dependence(self) -> None:
        for gives, rule, said in [
            ("[__import__('random').random() for c in completions]", "non-deterministic", "called again"),
            ("[float(len(completions)) for c in completions]", "batch", "in a batch together"),
            ("[float(at) for at, c in enumerate(completions)]", "order", "order of the samples"),
            (
                "[float(kwargs.setdefault and seen.append(c) or len(seen)) for c in completions]",
                "stateful",
                "second time",
            ),
        ]:
            (found,) = contract("seen = []\n" + TRL.format(gives=gives, more=""))
            self.assertEqual((found["rule"], found["weight"]), (f"{rule}-reward", "warning"), gives)
            self.assertIn(said, found["text"])

    def test_paths_that_training_needs(self) -> None:
        body = "import math\nfrom shared.text import one\n" + TRL.format(gives="[one() for c in completions]", more="")
        files = {"pyproject.toml": "", "shared/text.py": "def one(): return 1.0"}
        (found,) = contract(body, files, path="rewards/a.py")
        self.assertEqual(
            (found["rule"], found["line"], os.path.basename(found["path"])[:9]), ("needs-path", 2, "grpo-lens")
        )
        beside = "import helper\n" + VERL.format(gives="helper.one()", more="")
        (found,) = contract(beside, {"helper.py": "def one(): return 1.0"})
        self.assertEqual((found["rule"], found["line"]), ("needs-path", 1))
        self.assertEqual(
            contract(
                "import helper\n" + TRL.format(gives="[helper.one() for c in completions]", more=""),
                {"helper.py": "def one(): return 1.0"},
            ),
            [],
        )


if __name__ == "__main__":
    unittest.main()
