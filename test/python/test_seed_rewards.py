"""The rewards of the examples give the scores that stand beside them, called as their frameworks would call them."""

import json
import os
import unittest

import house  # noqa: F401
from grpo_lens.load import load
from grpo_lens.rows import Rows
from grpo_lens.scores import score

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

FILES = {
    "swift-vlm-puzzle": "rewards.py",
    "easyr1-vqa": "utils/reward_function/vqa_reward.py",
    "verl-gad": "reward.py",
    "qwenvl-own": "rewards.py",
}
OTHER_NAMES = {
    "reward_eyeballing": "EyeballingReward",
    "reward_maze": "MazeReward",
    "vlm_puzzle": "VLMPuzzleReward",
}


def read(folder, name):
    with open(os.path.join(ROOT, "examples", folder, name), encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def scores(folder, name, records):
    path = os.path.join(ROOT, "examples", folder, FILES[folder])
    with open(path, encoding="utf-8") as file:
        loaded = load(file.read(), path, name)
    columns = {key: [record[key] for record in records] for key in ("prompt", "completion", "solution")}
    values = loaded.framework.caller(loaded.target, Rows(columns), loaded.reward)(0, len(records))
    return [score(value, loaded.framework.TOTAL) for value in values]


class SeedRewards(unittest.TestCase):
    def test_scores_are_those_expected(self):
        for folder in FILES:
            expected = read(folder, "rewards.expect.jsonl")
            for name in dict.fromkeys(record["reward"] for record in expected):
                records = [record for record in expected if record["reward"] == name]
                for record, got in zip(records, scores(folder, name, records)):
                    with self.subTest(reward=name, completion=record["completion"]):
                        self.assertAlmostEqual(got, record["score"], places=12)

    def test_each_reward_has_expectations(self):
        told = {(folder, record["reward"]) for folder in FILES for record in read(folder, "rewards.expect.jsonl")}
        self.assertEqual(
            {name for _, name in told},
            {"reward_eyeballing", "reward_maze", "vlm_puzzle", "vqa_reward", "compute_score", "dual_reward"},
        )

    def test_class_and_registered_name_are_the_same_reward(self):
        for registered, name in OTHER_NAMES.items():
            records = [r for r in read("swift-vlm-puzzle", "rewards.expect.jsonl") if r["reward"] == registered]
            with self.subTest(reward=name):
                self.assertEqual(
                    scores("swift-vlm-puzzle", name, records), scores("swift-vlm-puzzle", registered, records)
                )

    def test_samples_hold_prompt_completion_and_solution(self):
        for folder in FILES:
            for record in read(folder, "samples.jsonl"):
                self.assertEqual(sorted(record), ["completion", "prompt", "solution"])


if __name__ == "__main__":
    unittest.main()
