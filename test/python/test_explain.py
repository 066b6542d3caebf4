import os
import tempfile
import unittest

import house
from grpo_lens.authority import Around
from grpo_lens.limits import Limits
from grpo_lens.prints import Prints
from grpo_lens.rows import Rows
from grpo_lens.trace.diverge import diverge, smallest
from grpo_lens.trace.explain import explain, prepare
from grpo_lens.trace.run import run

LIMITS = Limits(tempfile.TemporaryFile(), None)
tearDownModule = LIMITS.rest  # else its hard limit ends this Python in the midst of another file's tests
AROUND = Around(LIMITS, Prints(tempfile.TemporaryFile("a+b", buffering=0)), lambda *_: None, lambda: False)
SPATIAL = house.recording("spatial.py")
DUAL = house.recording("dual.py")


def asked(source: str, name: str, files: dict, **more) -> dict:
    root = house.folder({"rewards.py": source, **files})
    return {"source": source, "path": os.path.join(root, "rewards.py"), "reward": name, "timeout": 5, **more}


def told(source: str, name: str, completion: str, solution: str, **files: str) -> dict:
    rows = Rows({"completion": [completion], "solution": [solution]})
    named = {name + ".py": text for name, text in files.items()}
    return explain(asked(source, name, named, row=0), rows, AROUND)


def drawn(cause: dict, depth: int = 0) -> list:
    because = [f"{'not ' if one['outcome'] is False else ''}{one['test']}" for one in cause["because"]]
    line = (
        "  " * depth
        + f"{cause['line']} {cause['text']} = {cause['value']}"
        + (" because " + ", ".join(because) if because else "")
    )
    missed = [
        "  " * (depth + 1)
        + f"not {one['line']} {one['text']}: "
        + (
            "never evaluated, " + one["caught"]["type"]
            if one["outcome"] is None
            else f"{one['test']} was {one['outcome']}"
        )
        for one in cause["missed"]
    ]
    return [line, *(part for below in cause["from"] for part in drawn(below, depth + 1)), *missed]


class Why(unittest.TestCase):
    maxDiff = None

    def check(self, answer: dict, score: object, *lines: str) -> None:
        self.assertEqual((answer["score"], drawn(answer["why"])), (score, list(lines)))

    def test_the_test_that_decided(self) -> None:
        self.check(
            told(SPATIAL, "SpatialReward", "<answer>B. door</answer>", "<answer>B</answer>"),
            -1.0,
            '54 rewards.append(-1.0) = -1.0 because not re.fullmatch(r"[A-Za-z]", letter), not len(found) != 1, not gold_list is not None',
        )

    def test_through_helpers(self) -> None:
        answer = told(SPATIAL, "SpatialReward", "go [up, left]", '["up", "down"]')
        self.assertEqual(
            drawn(answer["why"])[:4],
            [
                "46 rewards.append(maze_score(pred, gold_list)) = 0.5 because gold_list is not None, not pred is None",
                "  33 return (common_prefix(pred, gold) + common_prefix(pred[::-1], gold[::-1])) / max(len(gold), 1) = 0.5 because not pred == gold",
                "    33 common_prefix(pred, gold) + common_prefix(pred[::-1], gold[::-1]) = 1",
                "      33 common_prefix(pred, gold) = 1",
            ],
        )

    def test_contributions_that_did_not_happen(self) -> None:
        answer = told(DUAL, "dual_reward", "<answer>(1) up</answer>", "(1) up")
        self.assertEqual(answer["score"], 0.3 * 0.3 + 0.7)
        self.assertIn(
            '        not 11 score += 0.3: "<think>" in text and "</think>" in text was False', drawn(answer["why"])
        )

    def test_never_evaluated_because_something_was_swallowed(self) -> None:
        source = "def reward(completions, **k):\n    out = []\n    for c in completions:\n        r = 0.0\n        try:\n            if int(c) > 1:\n                r = 1.0\n        except Exception:\n            pass\n        out.append(r)\n    return out\n"
        self.check(
            told(source, "reward", "x", ""),
            0.0,
            "10 out.append(r) = 0.0",
            "  4 r = 0.0 = 0.0",
            "  not 7 r = 1.0: never evaluated, ValueError",
        )

    def test_other_shapes(self) -> None:
        def body(text: str) -> str:
            return "def reward(completions, solution, **k):\n" + "".join(f"    {line}\n" for line in text.split("\n"))

        for text, score, first in [
            ("return [len(c) for c in completions]", 1.0, "2 return [len(c) for c in completions] = 1"),
            (
                "return [1.0 if c in s else 0.5 for c, s in zip(completions, solution)]",
                1.0,
                "2 return [1.0 if c in s else 0.5 for c, s in zip(completions, solution)] = 1.0 because c in s",
            ),
            ("r = [0.0] * len(completions)\nr[0] = 2.0\nreturn r", 2.0, "3 r[0] = 2.0 = 2.0"),
            (
                "return list(map(float, [1 for c in completions]))",
                1.0,
                "2 return list(map(float, [1 for c in completions])) = [1.0]",
            ),
            (
                "if completions:\n    raise ValueError('no')\nreturn [1]",
                "error",
                "3 raise ValueError('no') = None because completions",
            ),
        ]:
            answer = told(body(text), "reward", "x", "xy")
            self.assertEqual((answer["score"], drawn(answer["why"])[0]), (score, first), text)

    def test_helpers_in_other_files(self) -> None:
        source = (
            "from helper import half\ndef reward(completions, **k):\n    return [half(len(c)) for c in completions]\n"
        )
        answer = told(source, "reward", "abcd", "", helper="def half(n):\n    return n / 2\n")
        self.assertEqual(
            drawn(answer["why"]),
            ["3 return [half(len(c)) for c in completions] = 2.0", "  2 return n / 2 = 2.0", "    2 n = 4"],
        )
        self.assertTrue(answer["why"]["from"][0]["file"].endswith("helper.py"))

    def test_regexes(self) -> None:
        answer = told(SPATIAL, "SpatialReward", "😀 <answer>B. door</answer>", "<answer>B</answer>")
        search = [one for one in answer["regexes"] if one["method"] == "findall"][0]
        self.assertEqual((search["found"], search["spans"], search["inCompletion"]), (True, [[3, 27]], 0))


class Diverge(unittest.TestCase):
    def test_two_samples_of_a_group(self) -> None:
        rows = Rows(
            {
                "completion": ["I think <answer>B. door</answer>", "Well, <answer>B</answer>"],
                "solution": ["<answer>B</answer>"] * 2,
            }
        )
        found = diverge(asked(SPATIAL, "SpatialReward", {}, row=0, other=1), rows, AROUND)
        self.assertEqual(
            [(test["line"], test["outcome"], test["otherOutcome"]) for test in found["tests"]], [(53, True, False)]
        )
        self.assertEqual(found["change"]["hunks"], [{"at": 17, "from": ". door", "to": ""}])
        self.assertEqual((found["score"], found["otherScore"], found["change"]["score"]), (-1.0, 1.0, 1.0))

    def test_a_slow_reward_is_not_called_again_and_again_but_one_call_that_was_held_up_is_no_sign_of_it(self) -> None:
        rows = Rows({"completion": ["a b", "a c"]})
        for slow, found in [("calls == [1]", "change"), ("calls", "noChange")]:
            source = (
                "import time\ncalls = []\ndef reward(completions, **k):\n    calls.append(1)\n"
                f"    time.sleep(0.05 if {slow} else 0)\n    return [float('c' in c) for c in completions]\n"
            )
            told = diverge(asked(source, "reward", {}, row=0, other=1), rows, AROUND)
            self.assertIn(found, told, slow)

    def test_same_way_other_values(self) -> None:
        source = "def reward(completions, **k):\n    return [len(c.split()) / 10 for c in completions]\n"
        rows = Rows({"completion": ["a b", "a b c"]})
        found = diverge(asked(source, "reward", {}, row=0, other=1), rows, AROUND)
        self.assertTrue(found["samePath"])
        self.assertIn({"line": 2, "text": "len(c.split())", "value": "2", "otherValue": "3"}, found["values"])

    def test_smallest_change(self) -> None:
        def check(mine: str, theirs: str, good, *hunks: tuple) -> None:
            found = smallest(mine, theirs, good)
            self.assertEqual([(hunk["from"], hunk["to"]) for hunk in found["hunks"]], list(hunks))
            self.assertTrue(good(found["text"]))

        check("a b c d", "a x c y", lambda text: "y" in text, ("d", "y"))
        check("a b c d", "a x c y", lambda text: "x" in text and "y" in text, ("b", "x"), ("d", "y"))
        check("one two three", "one three", lambda text: "two" not in text, ("two ", ""))


class Prepare(unittest.TestCase):
    def check(self, source: str, function: str, row: dict, after: object, *values: tuple) -> None:
        args = {**asked(source, "", {}), "function": function, "row": row}
        answer = prepare(args, AROUND)
        self.assertEqual((answer["after"], answer.get("error")), (after, None))
        shown = [
            (event["line"], event.get("name"), event["value"]) for event in answer["events"] if event["kind"] == "store"
        ]
        self.assertEqual(shown, list(values))

    def test_rows_before_and_after(self) -> None:
        source = """from swift.llm import ResponsePreprocessor, register_dataset, DatasetMeta
class Clevr(ResponsePreprocessor):
    def preprocess(self, row):
        query = row.get('query', '') + ' Think.'
        row.update({'query': query})
        return super().preprocess(row)
register_dataset(DatasetMeta(ms_dataset_id='a', preprocess_func=Clevr()))
"""
        after = {"solution": "3", "messages": [{"role": "user", "content": "How many? Think."}]}
        self.check(
            source,
            "Clevr.preprocess",
            {"query": "How many?", "solution": "3"},
            after,
            (4, "query", "'How many? Think.'"),
        )
        mapping = "def make(example):\n    n = len(example['a'])\n    return {'n': n, 's': {1}}\n"
        self.check(mapping, "make", {"a": [1, 2]}, {"n": 2, "s": "{1}"}, (2, "n", "2"))


class SameResults(unittest.TestCase):
    """Rewriting changes nothing but `locals()`."""

    def test_keywords_of_the_configuration(self) -> None:
        source = "def reward(reward_inputs, scale):\n    return [{'overall': scale * len(i['response'])} for i in reward_inputs]\n"
        rows = Rows({"completion": ["a", "bb"], "solution": ["a", "a"]})
        answer = run(asked(source, "reward", {}, batches=[[0, 2]], keywords={"scale": 3}), rows, AROUND)
        self.assertEqual((answer["scores"], answer["contract"]), ([3.0, 6.0], []))

    def test_constructs(self) -> None:
        source = house.recording("constructs.py")
        rows = Rows({"completion": [str(at) for at in range(12)]})
        args = asked(source, "reward", {}, batches=[[0, 12]], row=0)
        answer = run(args, rows, AROUND)
        self.assertEqual(answer["errors"], [])
        self.assertEqual(answer["check"], {"kind": "per-sample", "differs": 0})
        for row in range(12):
            self.assertEqual(explain({**args, "row": row}, rows, AROUND)["score"], answer["scores"][row], row)


if __name__ == "__main__":
    unittest.main()
