"""Rewards that depend on their batch: what one sample's turn gave, out of a call of the whole batch."""

from __future__ import annotations

import os
import unittest

import house
from grpo_lens.rows import Rows
from grpo_lens.trace.diverge import diverge
from grpo_lens.trace.explain import explain
from grpo_lens.trace.recorder import Shares
from grpo_lens.trace.run import run
from grpo_lens.trace.turns import Batched
from test_explain import AROUND, drawn

tearDownModule = AROUND.limits.rest  # as in test_contract.py

LENGTH = """
def shorter(completions, **kwargs):
    lengths = [len(c) for c in completions]
    low, high = min(lengths), max(lengths)
    rewards = []
    for c, n in zip(completions, lengths):
        if high == low:
            rewards.append(0.0)
            continue
        share = (n - low) / (high - low)
        if "<answer>" in c:
            share = share / 2
        rewards.append(1.0 - share)
    return rewards
"""
INDEXED = """
def shorter(completions, **kwargs):
    sizes = [0] * len(completions)
    for i in range(len(completions)):
        sizes[i] = len(completions[i])
    middle = sum(sizes) / len(sizes)
    return [abs(sizes[i] - middle) for i in range(len(sizes))]
"""
SECOND = """
def shorter(completions, **kwargs):
    lengths = [len(c) for c in completions]
    middle = sum(lengths) / len(lengths)
    return [centred(n, middle) for n in lengths]


def centred(n, middle):
    if n > middle:
        return -1.0
    return n - middle
"""
PAIRS = """
def unlike(completions, **kwargs):
    out = []
    for i, one in enumerate(completions):
        most = 0
        for j, other in enumerate(completions):
            if i != j and one == other:
                most = 1
        out.append(-1.0 if most else 0.0)
    return out
"""
COPIED = """
def shorter(completions, **kwargs):
    lengths = sorted(map(len, completions))
    return [float(n) for n in lengths]
"""
TEXTS = ["a", "<answer>bbb", "ccccc", "a"]
ROWS = Rows({"completion": TEXTS})


def asked(source: str, name: str, **more: object) -> dict:
    path = os.path.join(house.folder({"rewards.py": source}), "rewards.py")
    return {"source": source, "path": path, "reward": name, "timeout": 5, **more}


def explained(source: str, name: str, row: int) -> dict:
    return explain(asked(source, name, row=row, within=[[0, len(TEXTS)]]), ROWS, AROUND)


def ran(source: str, name: str, **more: object) -> dict:
    return run(asked(source, name, batches=[[0, len(TEXTS)]], **more), ROWS, AROUND)


class Own(unittest.TestCase):
    maxDiff = None

    def check(self, answer: dict, score: float, *lines: str) -> None:
        self.assertEqual((answer["score"], drawn(answer["why"])), (score, list(lines)))

    def values(self, answer: dict, line: int) -> list:
        return [
            (event.get("name"), event.get("value"), event.get("shared", False))
            for event in answer["events"]
            if event["statement"] == line and event["kind"] in ("store", "append", "element", "return")
        ]

    def test_a_loop_over_what_was_made_of_the_batch(self) -> None:
        answer = explained(LENGTH, "shorter", 1)
        self.check(
            answer,
            0.5,
            "13 rewards.append(1.0 - share) = 0.5 because not high == low",
            '  12 share = share / 2 = 0.5 because "<answer>" in c, not high == low',
            "    12 share = 1.0",
            "      10 share = (n - low) / (high - low) = 1.0 because not high == low",
            "        10 n - low = 10",
            "          10 n = 11",
            "            6 c, n in zip(completions, lengths) = 11",
            "          10 low = 1",
            "            4 low, high = min(lengths), max(lengths) = 1",
            "        10 high - low = 10",
            "          10 high = 11",
            "            4 low, high = min(lengths), max(lengths) = 11",
            "          10 low = 1",
            "            4 low, high = min(lengths), max(lengths) = 1",
        )
        self.assertEqual(self.values(answer, 4), [("low", "1", True), ("high", "11", True)])
        self.assertEqual(self.values(answer, 10), [("share", "1.0", False)])

    def test_a_loop_over_places(self) -> None:
        self.check(
            explained(INDEXED, "shorter", 2),
            0.5,
            "7 return [abs(sizes[i] - middle) for i in range(len(sizes))] = 0.5",
            "  7 sizes[i] = 5",
            "  7 middle = 4.5",
            "    6 middle = sum(sizes) / len(sizes) = 4.5",
            "      6 sum(sizes) = 18",
            "      6 len(sizes) = 4",
        )

    def test_a_second_pass_with_a_helper(self) -> None:
        self.check(
            explained(SECOND, "shorter", 1),
            -1.0,
            "5 return [centred(n, middle) for n in lengths] = -1.0",
            "  10 return -1.0 = -1.0 because n > middle",
        )
        below = explained(SECOND, "shorter", 0)["why"]["from"][0]
        self.assertEqual((below["text"], below["value"]), ("return n - middle", "-3.5"))

    def test_pairs_belong_to_the_outer_sample(self) -> None:
        lines = ["9 out.append(-1.0 if most else 0.0) = -1.0 because most"]
        self.check(explained(PAIRS, "unlike", 3), -1.0, *lines)
        self.assertEqual(explained(PAIRS, "unlike", 1)["score"], 0.0)

    def test_a_plain_copy_is_the_batch_s(self) -> None:
        answer = explained(COPIED, "shorter", 1)
        self.check(answer, 1.0, "4 return [float(n) for n in lengths] = 1.0")
        self.assertEqual({shared for _, _, shared in self.values(answer, 4)}, {True})

    def test_no_text_is_looked_for(self) -> None:
        told = diverge(asked(SECOND, "shorter", row=1, other=2, within=[[0, 4]]), ROWS, AROUND)
        self.assertEqual((told["score"], told["otherScore"]), (-1.0, -1.0))
        self.assertEqual(told["noChange"], "its score depends on the other samples of its batch")


class Lines(unittest.TestCase):
    def test_ways_are_those_of_the_batch(self) -> None:
        told = ran(LENGTH, "shorter")
        self.assertEqual((told["check"]["kind"], told["check"]["followed"]), ("batch", True))
        hits = {line["line"]: line["hit"] for line in told["lines"]}
        self.assertEqual([hits.get(line, 0) for line in (3, 5, 7, 8, 10, 12, 13)], [4, 4, 4, 0, 4, 1, 4])
        self.assertEqual(told["shared"], [2, 4, 5, 14])

    def test_a_sample_alone_would_have_gone_another_way(self) -> None:
        """Alone, every sample is the longest and the shortest: the line that none reaches in its batch."""
        told = ran(LENGTH.replace("completions, **", "completions, solution=None, **"), "shorter", verify=False)
        self.assertEqual({line["line"]: line["hit"] for line in told["lines"]}[8], 4)
        self.assertNotIn("shared", told)

    def test_what_cannot_be_followed_says_so(self) -> None:
        told = ran(
            "def shorter(completions, **kwargs):\n    if type(completions) is not list:\n        raise TypeError\n    return [len(completions) for c in completions]\n",
            "shorter",
        )
        self.assertEqual((told["check"]["kind"], told["check"]["followed"]), ("batch", False))


class Lists(unittest.TestCase):
    def check(self, work: object, values: object, samples: list) -> None:
        turns: list = []
        recorder = Shares()
        given = Batched(list("abc"), recorder.turn, [0, 1, 2])

        def noted(value: object) -> object:
            turns.append(recorder.turn.sample)
            return value

        self.assertEqual(work(given, noted), values)  # type: ignore[operator]
        self.assertEqual((turns, recorder.turn.sample), (samples, None))

    def test_reading(self) -> None:
        self.check(lambda given, noted: [noted(c) for c in given], ["a", "b", "c"], [0, 1, 2])
        self.check(lambda given, noted: [noted(c) for c, _ in zip(given, given)], ["a", "b", "c"], [0, 1, 2])
        self.check(lambda given, noted: [noted(c) for _, c in enumerate(given[1:])], ["b", "c"], [1, 2])
        self.check(lambda given, noted: list(map(noted, given)), ["a", "b", "c"], [0, 1, 2])
        self.check(lambda given, noted: [noted(c) for c in given if c != "b"], ["a", "c"], [0, 2])
        self.check(lambda given, noted: [noted(c) for c in sorted(given)], ["a", "b", "c"], [None] * 3)
        self.check(
            lambda given, noted: [noted(c + d) for c in given[:2] for d in given[1:]],
            ["ab", "ac", "bb", "bc"],
            [0, 0, 1, 1],
        )

    def test_changing(self) -> None:
        def put(given: Batched, noted: object) -> list:
            given.sort()
            return [noted(c) for c in given]  # type: ignore[operator]

        self.check(put, ["a", "b", "c"], [None] * 3)

    def test_as_a_list(self) -> None:
        import copy
        import json
        import pickle

        given = Batched([1, 2], Shares().turn, [0, 1])
        self.assertEqual((given, json.dumps(given), given + [3], len(given)), ([1, 2], "[1, 2]", [1, 2, 3], 2))
        for other in (copy.deepcopy(given), copy.copy(given), pickle.loads(pickle.dumps(given))):
            self.assertEqual((type(other), other), (list, [1, 2]))


if __name__ == "__main__":
    unittest.main()
