import ast
import json
import os
import signal
import subprocess
import sys
import time
import unittest

import house
from grpo_lens.tiny import grpo
from grpo_lens.tiny.policy import TOKENS, features, taught
from grpo_lens.tiny.rewards import RewardError, score
from grpo_lens.tiny.task import examples

HERE = os.path.dirname(os.path.abspath(__file__))
TINY = os.path.join(HERE, "..", "..", "python", "grpo_lens", "tiny")
REWARDS = os.path.join(HERE, "..", "..", "examples", "tiny-count", "rewards.py")


def command(output, *more, rewards=(f"{REWARDS}:accuracy_reward",), steps=60):
    given = [word for reward in rewards for word in ("--reward", reward)]
    fast = ["--seconds_per_step", "0", "--max_steps", str(steps), "--save_steps", "5", "--output_dir", output]
    return [sys.executable, TINY, *given, *fast, *more]


def train(output, *more, **options):
    done = subprocess.run(command(output, *more, **options), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return [ast.literal_eval(line) for line in done.stdout.splitlines() if line.startswith("{")]


def curve(lines, name):
    return [float(line[name]) for line in lines]


def mean(values):
    return sum(values) / len(values)


class Curves(unittest.TestCase):
    def test_the_reward_rises(self):
        values = curve(train(house.folder({})), "rewards/accuracy_reward/mean")
        self.assertLess(mean(values[:5]), 0.35)
        self.assertGreater(mean(values[-5:]), 0.8)

    def test_negated_it_falls(self):
        source = f"""
            import sys; sys.path.insert(0, {os.path.dirname(REWARDS)!r})
            from rewards import format_reward
            def negated(completions, **kwargs):
                return [-score for score in format_reward(completions)]
        """
        root = house.folder({"bad.py": source})
        rewards = (f"{root}/bad.py:negated", f"{REWARDS}:format_reward")
        values = curve(train(root, "--reward_weights", "1", "0", rewards=rewards), "rewards/format_reward/mean")
        self.assertGreater(mean(values[:5]), 0.5)
        self.assertLess(mean(values[-5:]), 0.1)

    def test_constant_it_stays_flat(self):
        root = house.folder({"flat.py": "def flat(completions, **kwargs): return [0.3] * len(completions)"})
        rewards = (f"{root}/flat.py:flat", f"{REWARDS}:accuracy_reward")
        lines = train(root, "--reward_weights", "1", "0", rewards=rewards)
        values = curve(lines, "rewards/accuracy_reward/mean")
        self.assertAlmostEqual(mean(values[:20]), mean(values[-20:]), delta=0.05)
        self.assertEqual({line["kl"] for line in lines}, {"0"})
        self.assertEqual({line["frac_reward_zero_std"] for line in lines}, {"1"})


class GoingOn(unittest.TestCase):
    def test_killed_and_resumed_it_equals_one_that_was_never_killed(self):
        whole = train(house.folder({}), steps=40)
        root = house.folder({})
        # So slow that it cannot come to its end before it is killed, however busy the machine is.
        slow = command(root, "--seconds_per_step", "0.2", "--save_steps", "2", steps=40)
        killed = subprocess.Popen(slow, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        while not os.path.isdir(os.path.join(root, "checkpoint-2")):
            self.assertIsNone(killed.poll())
            time.sleep(0.01)
        killed.send_signal(signal.SIGKILL)
        killed.wait()
        rest = train(root, "--resume", steps=40)
        self.assertGreater(len(rest), 0)
        self.assertLess(len(rest), 40)

        def timeless(lines):
            return [{name: value for name, value in line.items() if name != "step_time"} for line in lines]

        self.assertEqual(timeless(rest), timeless(whole[-len(rest) :]))
        with open(os.path.join(root, "trainer_state.json"), encoding="utf-8") as file:
            history = json.load(file)["log_history"]
        self.assertEqual([line["step"] for line in history], list(range(1, 41)))


class Leavings(unittest.TestCase):
    def test_completions_have_the_recorded_advantages(self):
        root = house.folder({})
        train(root, "--prompts", "3", rewards=(f"{REWARDS}:accuracy_reward", f"{REWARDS}:format_reward"), steps=2)
        with open(os.path.join(root, "completions", "completions_00002.jsonl"), encoding="utf-8") as file:
            rows = [json.loads(line) for line in file]
        self.assertEqual(
            list(rows[0]), ["step", "prompt", "completion", "accuracy_reward", "format_reward", "advantage"]
        )
        self.assertEqual(len(rows), 24)
        totals = [row["accuracy_reward"] + row["format_reward"] for row in rows]
        advantages, _ = grpo.advantages_of(totals, 8)
        self.assertEqual([row["advantage"] for row in rows], advantages)
        for start in range(0, 24, 8):
            self.assertAlmostEqual(sum(advantages[start : start + 8]), 0, places=9)

    def test_a_reward_that_is_not_there_is_one_plain_sentence(self):
        done = subprocess.run(
            command(house.folder({}), rewards=("no.py:f",)), capture_output=True, text=True, check=False
        )
        self.assertEqual((done.returncode, done.stderr), (2, "There is no file no.py.\n"))

    def test_what_is_no_list_of_numbers_is_one_plain_sentence(self):
        def reward(completions, gives):
            return gives

        for gives in (None, 1.0, ["good"]):
            with self.assertRaisesRegex(RewardError, r"^r gave (None|1\.0|\['good'\]), not a list of numbers\.$"):
                score(reward, "r", {"completions": ["a"], "gives": gives})
        self.assertEqual(score(lambda completions: [2], "r", {"completions": ["a"], "solution": ["b"]}), [2.0])


class Gradient(unittest.TestCase):
    def test_it_is_the_slope_of_the_loss(self):
        """Against differences: every table entry that matters, after the policy has moved away from all references."""
        import random

        draw = random.Random(3)
        reference, policy = taught(), taught()
        scenes = [scene for scene in examples(4, 5) for _ in range(4)]
        chosen = [policy.sample(scene, draw) for scene in scenes]
        sampled = [[policy.logprobs(state)[token] for state, token in steps] for steps in chosen]
        for row in policy.tables.values():
            for index in range(len(TOKENS)):
                row[index] += draw.gauss(0, 0.1)
        policy.changed()
        batch = grpo.Batch(chosen, [draw.gauss(0, 1) for _ in scenes], sampled)
        settings = grpo.Settings(beta=0.3)
        _, gradient = grpo.objective(policy, reference, batch, settings)
        states = {state for steps in chosen for state, _ in steps}
        known = [key for key in {key for state in states for key in features(state)} if key in policy.tables]
        self.assertGreater(len(known), 15)
        for key in known:
            for index in range(len(TOKENS)):
                losses = []
                for shift in (1e-5, -2e-5):
                    policy.tables[key][index] += shift
                    policy.changed()
                    losses.append(grpo.objective(policy, reference, batch, settings)[0].loss)
                policy.tables[key][index] += 1e-5
                self.assertAlmostEqual((losses[0] - losses[1]) / 2e-5, gradient[key][index], places=5)


if __name__ == "__main__":
    unittest.main()
