"""The callback for TRL's trainer, with a stand-in of the parts of the trainer that it reads."""

import contextlib
import glob
import io
import json
import math
import os
import tempfile
import types
import unittest

import house  # noqa: F401
from grpo_lens.frameworks.trl_recording import Recording
from grpo_lens.pictures import Pictures


class Picture:
    def __init__(self, pixels):
        self.pixels = pixels

    def tobytes(self):
        return self.pixels

    def save(self, path, format):
        with open(path, "wb") as file:
            file.write(self.pixels)


class Trainer:
    """As grpo_trainer.py @ 1.16.0 gathers its logs: process after process."""

    def __init__(self, process, processes):
        self.accelerator = types.SimpleNamespace(process_index=process, num_processes=processes)
        self.model = types.SimpleNamespace(training=True)
        self.state = types.SimpleNamespace(global_step=3)
        self.num_generations = 2
        self._logs = {"prompt": [], "completion": [], "rewards": {"r": []}, "advantages": []}

    def _generate_and_score_completions(self, inputs):
        for process in range(self.accelerator.num_processes):
            for at in range(len(inputs)):
                self._logs["prompt"].append([{"role": "user", "content": f"p{process}"}])
                self._logs["completion"].append([{"role": "assistant", "content": f"c{process}{at}"}])
                self._logs["rewards"]["r"].append(math.nan if at else 1.0)
                self._logs["advantages"].append(0.5 - at)
        return {"made": len(inputs)}


def records(folder):
    rows = []
    for path in glob.glob(os.path.join(folder, "*.jsonl")):
        with open(path, encoding="utf-8") as lines:
            rows += [json.loads(line) for line in lines]
    return rows


class Callback(unittest.TestCase):
    def test_own_rows_with_group_advantage_solution_and_picture(self):
        with tempfile.TemporaryDirectory() as folder:
            trainer = Trainer(process=1, processes=2)
            callback = Recording(trainer, folder)
            inputs = [{"prompt": "p", "solution": "7", "image": Picture(b"x")} for _ in range(2)]
            for _ in range(2):
                self.assertEqual(trainer._generate_and_score_completions(inputs), {"made": 2})
            callback.on_step_end(None, None, None)
            rows = records(folder)
            self.assertEqual(len(rows), 4)
            first, second = rows[:2]
            self.assertEqual((first["completion"], second["completion"]), ("c10", "c11"))
            self.assertEqual((first["scores"], second["scores"]), ({"r": 1.0}, {"r": "nan"}))
            self.assertEqual((first["group"], second["group"]), ("4-1", "4-1"))
            self.assertEqual((first["step"], first["advantage"], first["solution"], first["form"]), (4, 0.5, "7", 1))
            self.assertTrue(os.path.isfile(os.path.join(folder, first["images"][0])))

    def test_evaluation_is_not_recorded_and_trouble_never_reaches_the_training(self):
        with tempfile.TemporaryDirectory() as folder:
            trainer = Trainer(process=0, processes=1)
            Recording(trainer, folder)
            trainer.model.training = False
            trainer._generate_and_score_completions([{"prompt": "p"}])
            trainer.model.training = True
            del trainer.num_generations
            said = io.StringIO()
            with contextlib.redirect_stderr(said):
                for _ in range(2):
                    self.assertEqual(trainer._generate_and_score_completions([{"prompt": "p"}]), {"made": 1})
            self.assertEqual(said.getvalue().count("recording has ended (AttributeError: "), 1)
            self.assertEqual(records(folder), [])


class Kept(unittest.TestCase):
    def test_a_picture_is_kept_once_beside_the_record_until_its_bound(self):
        with tempfile.TemporaryDirectory() as folder:
            source = os.path.join(folder, "scene.PNG")
            with open(source, "wb") as file:
                file.write(b"12345678")
            pictures = Pictures(os.path.join(folder, "record"), most_bytes=9)
            name = pictures.name(source)
            self.assertRegex(name, r"^images/[0-9a-f]{16}\.png$")
            opened = types.SimpleNamespace(filename=source)
            self.assertEqual([pictures.name(source), pictures.name(opened)], [name, name])
            self.assertEqual(os.listdir(os.path.join(folder, "record", "images")), [name.split("/")[1]])
            other = os.path.join(folder, "other.png")
            with open(other, "wb") as file:
                file.write(b"87654321")
            self.assertEqual(pictures.name(other), other)
            self.assertEqual(pictures.name("https://example.org/x.png"), "https://example.org/x.png")
            self.assertIsNone(pictures.name(3))


if __name__ == "__main__":
    unittest.main()
