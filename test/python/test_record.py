import asyncio
import json
import os
import subprocess
import sys
import time
import unittest
from contextlib import redirect_stderr
from io import StringIO
from types import SimpleNamespace

import house
from grpo_lens import record as module
from grpo_lens.record import Recorder, record, row_of


class Recorded(unittest.TestCase):
    def setUp(self) -> None:
        self.folder = os.path.join(house.folder({}), "records")

    def rows(self) -> list:
        module._recorder(self.folder, 0).flush()
        rows = []
        for name in sorted(os.listdir(self.folder)):
            with open(os.path.join(self.folder, name), encoding="utf-8") as file:
                rows += [json.loads(line, parse_constant=self.fail) for line in file]
        return rows

    def check(self, *expected: dict) -> None:
        rows = self.rows()
        self.assertEqual([{key: row.get(key) for key in each} for row, each in zip(rows, expected)], list(expected))
        self.assertEqual(len(rows), len(expected))
        self.assertEqual({row["form"] for row in rows}, {1})


class Styles(Recorded):
    def test_keywords_with_columns_and_several_rewards(self) -> None:
        def accuracy(completions, solution, **kwargs):
            return [1.0 if text == truth else 0.0 for text, truth in zip(completions, solution)]

        def style(completions, **kwargs):
            return [None, float("nan")]

        both = [record(accuracy, self.folder), record(style, self.folder)]
        given = {"prompts": ["p", "q"], "completions": ["4", "5"], "solution": ["4", "4"], "completion_ids": [[1], [2]]}
        state = SimpleNamespace(global_step=7)
        results = [reward(**given, trainer_state=state, log_extra=print) for reward in both]
        self.assertEqual(results[0], [1.0, 0.0])
        self.assertEqual([reward.__name__ for reward in both], ["accuracy", "style"])
        self.check(
            {"step": 8, "prompt": "p", "completion": "4", "solution": "4", "scores": {"accuracy": 1.0, "style": None}},
            {"step": 8, "prompt": "q", "completion": "5", "solution": "4", "scores": {"accuracy": 0.0, "style": "nan"}},
        )
        self.assertNotIn("completion_ids", self.rows()[0])

    def test_messages(self) -> None:
        reward = record(lambda completions, **kwargs: [1], self.folder, name="one")
        ask = [{"role": "user", "content": [{"type": "image"}, {"type": "text", "text": "How many?"}]}]
        reward(prompts=[ask], completions=[[{"role": "assistant", "content": "3"}]])
        self.check({"prompt": ask, "completion": "3", "scores": {"one": 1}})

    def test_columns_that_a_trainer_tells_in_its_own_way(self) -> None:
        def columns(given):
            return {"prompt": given["asked"], "group": [f"{id}!" for id in given["prompt_id"]], "short": [1]}

        reward = record(lambda completions, **kwargs: [1, 2], self.folder, name="r", columns=columns)
        reward(["a", "b"], asked=["p", [{"role": "user", "content": "q"}]], prompt_id=[0, 1])
        asked = [{"role": "user", "content": "q"}]
        self.check(
            {"prompt": "p", "group": "0!", "completion": "a", "short": None, "scores": {"r": 1}},
            {"prompt": asked, "group": "1!", "completion": "b", "short": None, "scores": {"r": 2}},
        )

    def test_columns_of_the_data_that_are_called_like_keys_of_the_form(self) -> None:
        reward = record(lambda completions, **kwargs: [1, 2], self.folder, name="r")
        reward(completions=["a", "b"], scores=[[3], [4]], form=["x", "y"], completion=["old", "old"])
        self.check({"completion": "a", "scores": {"r": 1}}, {"completion": "b", "scores": {"r": 2}})

    def test_one_text_by_its_place(self) -> None:
        record(lambda text, truth: 0.5, self.folder, name="r")("forty", "40")
        self.check({"completion": "forty", "scores": {"r": 0.5}})

    def test_a_dictionary_is_no_column(self) -> None:
        record(lambda completions, **kwargs: [1, 2], self.folder, name="r")(["a", "b"], settings={"x": 1, "y": 2})
        self.check({"completion": "a", "scores": {"r": 1}}, {"completion": "b", "settings": None})

    def test_a_class_that_the_trainer_makes(self) -> None:
        class Base:
            def __init__(self, args=None):
                self.args = args

        class MathAccuracy(Base):
            def __call__(self, completions, solution, **kwargs):
                return [self.args] * len(completions)

        wrapped = record(MathAccuracy, self.folder)
        self.assertTrue(issubclass(wrapped, Base))
        self.assertEqual(wrapped.__name__, "MathAccuracy")
        self.assertEqual(wrapped(args=0.5)(["a"], solution=["b"], prompt_id=["g1"]), [0.5])
        self.check({"group": "g1", "completion": "a", "solution": "b", "scores": {"MathAccuracy": 0.5}})

    def test_an_instance_and_async(self) -> None:
        class Later:
            weight = 2

            async def __call__(self, completions, **kwargs):
                return [float("inf")] * len(completions)

        async def soon(completions, **kwargs):
            return [2]

        async def both():
            return await record(Later(), self.folder)(completions=["a"]), await record(soon, self.folder)(
                completions=["a"]
            )

        self.assertEqual(asyncio.run(both()), ([float("inf")], [2]))
        self.check({"completion": "a", "scores": {"Later": "inf"}}, {"completion": "a", "scores": {"soon": 2}})

    def test_one_sample_with_a_dictionary(self) -> None:
        def compute_score(data_source, solution_str, ground_truth, extra_info=None):
            return {"score": 1.0, "acc": True, "pred": "4"}

        record(compute_score, self.folder)(
            data_source="gsm8k", solution_str="4", ground_truth="4", extra_info={"index": 3}
        )
        expected = {"completion": "4", "ground_truth": "4", "data_source": "gsm8k", "extra_info": {"index": 3}}
        self.check({**expected, "scores": {"score": 1.0, "acc": True}})

    def test_numbers_of_another_library(self) -> None:
        class Scalar:
            shape = ()

            def item(self):
                return float("nan")

        class Vector(Scalar):
            shape = (2,)

            def item(self):
                raise ValueError("only one element can be converted")

        for given in ({"score": Scalar(), "all": Vector()}, Scalar(), Vector()):
            record(lambda solution_str, given: given, self.folder, name="r")(solution_str="4", given=given)
        self.check(*({"scores": scores} for scores in ({"score": "nan"}, {"r": "nan"}, {"r": "unknown"})))

    def test_lists_of_one_call(self) -> None:
        def compute_score(data_sources, solution_strs, ground_truths, extra_infos):
            return [0.5, {"score": 1, "format": 0}]

        call = record(compute_score, self.folder)
        call(data_sources=["d", "d"], solution_strs=["a", "b"], ground_truths=["x", "y"], extra_infos=[None, None])
        self.check(
            {"completion": "a", "ground_truth": "x", "scores": {"compute_score": 0.5}},
            {"completion": "b", "ground_truth": "y", "scores": {"score": 1, "format": 0}},
        )

    def test_dictionaries_of_one_call(self) -> None:
        def compute_score(reward_inputs):
            return [{"overall": 0.9, "format": 1.0, "accuracy": 0.8} for _ in reward_inputs]

        record(compute_score, self.folder)([{"response": "a", "response_length": 3, "ground_truth": "x"}])
        self.check({"completion": "a", "ground_truth": "x", "scores": {"overall": 0.9, "format": 1.0, "accuracy": 0.8}})

    def test_a_picture_is_its_path(self) -> None:
        pictures = [SimpleNamespace(filename="images/1.png"), object()]
        record(lambda completions, **kwargs: [1, 1], self.folder, name="r")(completions=["a", "b"], image=pictures)
        self.check({"completion": "a", "image": "images/1.png"}, {"completion": "b", "image": None})


class Faults(Recorded):
    def test_what_the_reward_raises_goes_on(self) -> None:
        def broken(completions, **kwargs):
            raise KeyError("solution")

        with self.assertRaises(KeyError):
            record(broken, self.folder)(completions=["a"])
        self.check({"completion": "a", "scores": {"broken": "error"}})

    def test_an_iterator_is_not_used_up(self) -> None:
        def lazy(completions, **kwargs):
            return (1 for _ in completions)

        self.assertEqual(list(record(lazy, self.folder)(completions=["a", "b"])), [1, 1])
        self.assertEqual({row["scores"]["lazy"] for row in self.rows()}, {"unknown"})

    def quietly(self, use) -> str:
        said = StringIO()
        with redirect_stderr(said):
            use()
        return said.getvalue()

    def test_a_folder_that_cannot_be_written(self) -> None:
        with open(os.path.dirname(self.folder) + "/records", "w"):
            pass
        reward = record(lambda completions, **kwargs: [1], self.folder, name="r")
        said = self.quietly(lambda: [self.assertEqual(reward(completions=["a"]), [1]) for _ in range(3)])
        self.assertEqual(said.count("recording has ended"), 1, said)

    def test_a_value_that_is_hostile(self) -> None:
        class Hostile:
            def __getattr__(self, name):
                raise RuntimeError("do not touch")

        reward = record(lambda completions, **kwargs: [1], self.folder, name="r")
        said = self.quietly(lambda: self.assertEqual(reward(completions=["a"], odd=[Hostile()]), [1]))
        self.assertIn("do not touch", said)

    def test_the_bound(self) -> None:
        recorder = Recorder(self.folder, 2000)
        recorder.rewards.add("r")
        said = self.quietly(lambda: [recorder.take("r", lambda: [row_of("p", "x" * 100)], [1]) for _ in range(100)])
        [name] = os.listdir(self.folder)
        self.assertLessEqual(os.path.getsize(os.path.join(self.folder, name)), 2000)
        self.assertIn("2000 bytes", said)

    def test_a_long_text_is_cut_and_says_so(self) -> None:
        record(lambda completions, **kwargs: [1], self.folder, name="r")(completions=["x" * 300_000])
        self.check({"cut": 100_000})
        self.assertEqual(len(self.rows()[0]["completion"]), 200_000)

    def test_half_a_surrogate(self) -> None:
        record(lambda completions, **kwargs: [1], self.folder, name="r")(completions=["a\ud83d"])
        self.assertEqual(len(self.rows()), 1)

    def test_a_fork_while_another_thread_records_waits_for_nobody(self) -> None:
        recorder = Recorder(self.folder, 2000)
        with recorder._lock:
            child = os.fork()
            if child == 0:
                os._exit(0 if recorder._lock.acquire(timeout=2) else 1)
        self.assertEqual(os.waitpid(child, 0)[1], 0)

    def test_a_file_for_each_process_and_the_last_batch_at_its_end(self) -> None:
        program = (
            "import os, sys; from grpo_lens.record import record\n"
            "a = record(lambda completions, **k: [1], name='a'); b = record(lambda completions, **k: [2], name='b')\n"
            "a(completions=['x'])\n"
            "if os.fork() == 0:\n    b(completions=['x']); os._exit(0)\n"
            "os.wait()\n"
        )
        path = os.path.join(os.path.dirname(__file__), "..", "..", "python")
        environment = {**os.environ, "PYTHONPATH": path, "GRPO_LENS_RECORD": self.folder, "RANK": "3"}
        subprocess.run([sys.executable, "-c", program], env=environment, check=True, timeout=30)
        self.assertEqual(len(os.listdir(self.folder)), 2)
        self.assertTrue(all(name.startswith("grpo-record-3-") for name in os.listdir(self.folder)))


class Cost(Recorded):
    def test_of_a_batch_of_128(self) -> None:
        """A step of GRPO takes a second or more; one percent of it are ten milliseconds."""
        plain = [1.0] * 128
        reward = record(lambda completions, **kwargs: plain, self.folder, name="r")
        batches = [[f"{batch} {at} " + "word " * 200 for at in range(128)] for batch in range(20)]
        times = []
        for batch in batches:
            start = time.process_time()
            reward(prompts=batch, completions=batch, solution=batch)
            times.append(time.process_time() - start)
        self.assertLess(sorted(times)[len(times) // 2], 0.010)


if __name__ == "__main__":
    unittest.main()
