"""What `show`, `score` and `watch` say of completions, rewards and runs."""

import asyncio
import json
import math
import os
import subprocess
import sys
import tempfile
import unittest

import house  # noqa: F401
from grpo_lens import score, show, watch
from grpo_lens.notebook.bundle import COMPLETIONS
from grpo_lens.notebook.table import BadInput

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")


def accuracy(completions, solution, **kwargs):
    return [1.0 if answer in text else 0.0 for text, answer in zip(completions, solution)]


def picky(completions, **kwargs):
    return [1 / (len(text) - 3) for text in completions]


class Show(unittest.TestCase):
    def test_bundle_is_json_and_has_its_fallbacks(self):
        bundle = show(["a", "b"], [1, math.nan])._repr_mimebundle_()
        self.assertEqual(list(bundle), [COMPLETIONS, "text/html", "text/plain"])
        text = json.dumps(bundle, allow_nan=False)
        self.assertEqual(json.loads(text)[COMPLETIONS]["version"], 1)

    def test_scores_are_words_where_they_are_no_numbers(self):
        samples = show(["a", "b", "c", "d"], [1, None, math.nan, math.inf]).data["samples"]
        self.assertEqual([row["scores"] for row in samples["rows"]], [[1], ["none"], ["nan"], ["inf"]])
        told = samples["distributions"][0]
        self.assertEqual(told["words"], [{"word": "none", "count": 1}, {"word": "nan", "count": 1}])
        self.assertEqual(told["values"], [{"value": 1, "count": 1}, {"value": "inf", "count": 1}])

    def test_inputs_of_every_form_give_the_same_rows(self):
        def check(completions, rewards=None):
            rows = show(completions, rewards).data["samples"]["rows"]
            self.assertEqual([(row["text"], row["scores"]) for row in rows], [("a", [1.0]), ("b", [0.5])])

        class Frame:
            iloc = None

            def to_dict(self, how):
                assert how == "list"
                return {"completion": ["a", "b"], "reward": [1.0, 0.5]}

        check(["a", "b"], [1, 0.5])
        check(["a", "b"], {"reward": (1, 0.5)})
        check([[{"role": "assistant", "content": "a"}], [{"role": "assistant", "content": "b"}]], [1, 0.5])
        check([{"completion": "a", "reward": 1}, {"completion": "b", "reward": 0.5}])
        check({"response": ["a", "b"], "reward": [1, 0.5], "note": ["x", "y"]})
        check(Frame())
        check(
            [{"form": 1, "completion": "a", "scores": {"r": 1}}, {"form": 1, "completion": "b", "scores": {"r": 0.5}}]
        )
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "rows.jsonl")
            with open(path, "w", encoding="utf-8") as file:
                file.write('\ufeff{"completion": "a", "reward": 1}\n\n{"completion": "b", "reward": 0.5}\n')
            check(path)

    def test_groups_are_known_or_unknown_but_never_guessed_from_prompts(self):
        def groups(**given):
            return [row["group"] for row in show(["a"] * 4, [0, 0, 1, 2], **given).data["samples"]["rows"]]

        self.assertEqual(groups(prompts=["p"] * 4), [None] * 4)
        self.assertEqual(groups(group_size=2), [0, 0, 1, 1])
        self.assertEqual(groups(groups=["x", "y", "x", "y"]), [0, 1, 0, 1])
        told = show(["a"] * 4, [0, 0, 1, 2], group_size=2).data["samples"]["groups"]
        self.assertEqual(told, {"total": 2, "withoutSignal": 1})

    def test_what_is_kept_is_bounded_whole_groups_and_stated(self):
        samples = show([f"{i}" * 9_000 for i in range(10)] * 1_000, range(10_000), group_size=8).data["samples"]
        self.assertEqual(len(samples["rows"]), 256)
        self.assertEqual(len({row["group"] for row in samples["rows"]}), 32)
        self.assertLess(len(json.dumps(samples)), 700_000)
        self.assertEqual(
            samples["shown"], "256 of 10,000, spread evenly over 1,250 groups; texts cut at 1,171 characters"
        )
        self.assertEqual(sum(samples["distributions"][0]["bins"]), 10_000)
        self.assertEqual((samples["rows"][0]["row"], samples["rows"][-1]["row"]), (0, 9_999))

    def test_html_shows_markup_as_text(self):
        html = show(["<script>alert(1)</script>"], {"<b>": [1]}, title="<i>")._repr_html_()
        self.assertNotRegex(html, "<script|<i>|<th><b>")
        self.assertIn("&lt;script&gt;alert(1)&lt;/script&gt;", html)

    def test_bad_input_is_one_sentence(self):
        def check(message, *given, **named):
            with self.assertRaises(BadInput) as caught:
                show(*given, **named)
            self.assertEqual(str(caught.exception), message)

        check('"reward" has 1 rewards for 2 completions.', ["a", "b"], [1])
        check('"r", row 1: a reward is a str, not a number.', ["a", "b"], {"r": [1, "x"]})
        check("2 completions do not divide into groups of 3.", ["a", "b"], group_size=3)
        check("There are 1 group ids for 2 completions.", ["a", "b"], groups=[1])
        check("The columns differ in length: {'completion': 1, 'reward': 2}.", {"completion": ["a"], "reward": [1, 2]})


class Score(unittest.TestCase):
    SAMPLES = [{"completion": "seven 7", "solution": "7"}, {"completion": "ab", "solution": "7"}]

    def scores(self, reward, samples=None):
        data = score(reward, samples or self.SAMPLES).data
        return [row["scores"][0] for row in data["samples"]["rows"]], data

    def test_function_of_lists(self):
        scores, data = self.scores(accuracy)
        self.assertEqual(scores, [1, 0])
        self.assertEqual(data["reward"]["place"]["path"], os.path.abspath(__file__))

    def test_function_without_source(self):
        space = {}
        exec("def reward(completions, **kwargs):\n    return [len(text) for text in completions]", space)
        self.assertEqual(self.scores(space["reward"])[0], [7, 2])

    def test_function_of_one_answer(self):
        def vqa_reward(completion, solution):
            return float(solution in completion)

        self.assertEqual(self.scores(vqa_reward)[0], [1, 0])

    def test_async_reward_also_where_a_loop_runs_already(self):
        async def reward(completions, **kwargs):
            await asyncio.sleep(0)
            return [len(text) for text in completions]

        async def cell():
            return self.scores(reward)[0]

        self.assertEqual(self.scores(reward)[0], [7, 2])
        self.assertEqual(asyncio.run(cell()), [7, 2])

    def test_errors_name_the_samples_and_the_line(self):
        samples = [{"completion": "abc"}, {"completion": "abcd"}]
        scores, data = self.scores(picky, samples)
        self.assertEqual(scores, ["error", "error"])
        line = picky.__code__.co_firstlineno + 1
        told = {"type": "ZeroDivisionError", "message": "division by zero", "line": line, "samples": 1, "first": [0]}
        self.assertEqual(data["errors"], [told])

    def test_rows_of_one_step_are_passed_together(self):
        sizes = []

        def reward(completions, **kwargs):
            sizes.append(len(completions))
            return [0.0] * len(completions)

        score(reward, [{"completion": "x", "step": step} for step in (1, 1, 1, 2, 3, 3)])
        self.assertEqual(sizes, [3, 1, 2])

    def test_file_and_name_give_the_same_as_the_function(self):
        path = os.path.join(ROOT, "examples", "trl-count", "rewards.py")
        samples = [{"completion": "<think>x</think><answer> 7 </answer>", "solution": "<answer> 7 </answer>"}]
        self.assertEqual(self.scores(f"{path}:accuracy_reward", samples)[0], [1])

    def test_what_is_no_reward_is_told(self):
        with self.assertRaises(BadInput) as caught:
            score("nowhere.py:f", self.SAMPLES)
        self.assertIn("expected an existing file and a name", str(caught.exception))
        with self.assertRaises(BadInput):
            score(3, self.SAMPLES)


class Watch(unittest.TestCase):
    def test_recorded_run(self):
        data = watch(os.path.join(ROOT, "examples", "trl-count", "output")).data
        self.assertEqual((data["header"]["step"], data["header"]["steps"]), (220, 220))
        self.assertEqual(data["header"]["state"], "succeeded")
        reward = next(curve for curve in data["curves"] if curve["name"] == "reward")
        self.assertEqual(len(reward["steps"]), 220)

    def test_half_written_line_waits(self):
        with tempfile.TemporaryDirectory() as folder:
            with open(os.path.join(folder, "logging.jsonl"), "wb") as file:
                file.write(b'{"global_step/max_steps": "1/40", "reward": "0.5"}\n{"remaining": "1 \xe5')
            data = watch(folder).data
            self.assertEqual(data["curves"], [{"name": "reward", "original": "reward", "steps": [1], "values": [0.5]}])


class Import(unittest.TestCase):
    def test_only_the_folder_on_the_path_is_needed(self):
        code = "import sys; sys.path.insert(0, sys.argv[1]); import grpo_lens; print(grpo_lens.show(['a'], [1]))"
        home = os.path.join(ROOT, "python")
        printed = subprocess.run([sys.executable, "-I", "-S", "-c", code, home], capture_output=True, text=True)
        self.assertIn("reward: mean 1", printed.stdout, printed.stderr)


if __name__ == "__main__":
    unittest.main()
