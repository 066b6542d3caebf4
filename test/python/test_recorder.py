import os
import shutil
import subprocess
import sys
import textwrap
import unittest

import house

PACKAGE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "python", "grpo_lens")


def recorder() -> str:
    """The folder as a launch lays it out."""
    folder = os.path.join(house.folder({}), "recorder")
    inner = os.path.join(folder, "grpo_lens_recorder", "frameworks")
    os.makedirs(inner)
    shutil.copy(os.path.join(PACKAGE, "recorder", "sitecustomize.py"), folder)
    for name in ("record.py", "pictures.py"):
        shutil.copy(os.path.join(PACKAGE, name), os.path.dirname(inner))
    for name in ("recording.py", "swift_recording.py", "trl_recording.py"):
        shutil.copy(os.path.join(PACKAGE, "frameworks", name), inner)
    for each in (os.path.dirname(inner), inner):
        open(os.path.join(each, "__init__.py"), "w").close()
    return folder


class Recorder(unittest.TestCase):
    def said(self, program: str, *paths: str, **files: str) -> tuple:
        """What a Python with these first in PYTHONPATH says; `files` are modules in a folder behind them."""
        own = house.folder({})
        for name, text in files.items():
            path = os.path.join(own, *name.split("__")) + ".py"
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "w") as file:
                file.write(text)
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join([*paths, own]), "GRPO_LENS_RECORD": own + "/record"}
        done = subprocess.run(
            [sys.executable, "-c", program], env=environment, capture_output=True, text=True, timeout=30
        )
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout.strip(), done.stderr.strip()

    def test_the_environments_own_file_of_this_name_is_imported(self) -> None:
        program = "import sitecustomize; print(sitecustomize.__file__.count('recorder'), sitecustomize.mine)"
        self.assertEqual(self.said(program, recorder(), sitecustomize="mine = 7"), ("0 7", ""))

    def test_its_errors_are_told_as_ever_and_the_rest_goes_on(self) -> None:
        out, error = self.said("print('on')", recorder(), sitecustomize="raise ValueError('broken before')")
        self.assertEqual(out, "on")
        self.assertIn("broken before", error)

    def test_nothing_of_the_users_is_hidden(self) -> None:
        program = "import record; print(record.mine)"
        self.assertEqual(self.said(program, recorder(), record="mine = 3"), ("3", ""))

    def test_a_trainer_of_an_unknown_make_trains_on(self) -> None:
        program = "import transformers.trainer as t; print(t.Trainer)"
        out, error = self.said(program, recorder(), transformers__trainer="Trainer = 'nothing to train'")
        self.assertEqual(out, "nothing to train")
        self.assertIn("The training goes on.", error)

    def test_finders_and_loaders_of_an_older_kind(self) -> None:
        program = textwrap.dedent("""
            import sys, types
            from importlib.machinery import ModuleSpec

            class Finder:
                def find_module(self, name, path=None):
                    return None

            class Loader:
                def load_module(self, name):
                    sys.modules[name] = module = types.ModuleType(name)
                    module.Trainer = "made in an older way"
                    return module

            class Finding:
                def find_spec(self, name, path=None, target=None):
                    return ModuleSpec(name, Loader()) if name == "transformers.trainer" else None

            sys.meta_path[:0] = [Finder()]
            sys.meta_path.insert(2, Finding())
            import transformers.trainer as t
            print(t.Trainer)
        """)
        out, error = self.said(program, recorder(), transformers____init__="")
        self.assertEqual(out, "made in an older way", error)
        self.assertIn("cannot be recorded", error)

    def test_a_training_that_records_by_itself_is_recorded_once(self) -> None:
        base = """
            class State:
                global_step = 4
            class Trainer:
                state = State()
                def train(self):
                    return self._generate_and_score_completions()
        """
        plain = """
            class Own(Trainer):
                reward_funcs = [record(lambda completions, **kwargs: [1, 2], name="r")]
                def _generate_and_score_completions(self, inputs=None):
                    return self.reward_funcs[0](completions=["a", "b"])
        """
        trl = "Own.__module__ = 'trl.trainer'; Own._generate_and_score_completions.__module__ = 'trl.trainer'"
        kept = "; Own._logs = {'advantages': []}"
        count = (
            "print(sum(open(file).read().count(chr(10)) for file in glob.glob(os.environ['GRPO_LENS_RECORD'] + '/*')))"
        )
        head = "import glob, os; from transformers.trainer import Trainer; from grpo_lens.record import record"
        for made in ("", trl + kept):
            program = "\n".join([head, textwrap.dedent(plain), made, "Own().train()", count])
            out, error = self.said(
                program, recorder(), os.path.dirname(PACKAGE), transformers__trainer=textwrap.dedent(base)
            )
            self.assertEqual((out, error), ("2", ""))

    def test_a_recorder_that_is_gone_is_said_and_no_more(self) -> None:
        folder = recorder()
        shutil.rmtree(os.path.join(folder, "grpo_lens_recorder"))
        out, error = self.said("print('on')", folder)
        self.assertEqual(out, "on")
        self.assertIn("nothing can be recorded", error)


if __name__ == "__main__":
    unittest.main()
