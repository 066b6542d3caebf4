"""`pip install` of the folder: without a network, without setuptools, by the oldest pip here."""

import importlib.util
import json
import os
import subprocess
import sys
import tempfile
import unittest

import house  # noqa: F401

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
FOLDER = os.path.join(ROOT, "python")


class Install(unittest.TestCase):
    @unittest.skipUnless(importlib.util.find_spec("pip"), "this Python has no pip")
    def test_pip_installs_the_folder_with_nothing_but_itself(self):
        with tempfile.TemporaryDirectory() as to:
            pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "install", "--no-index", "--target", to]
            done = subprocess.run([*pip, FOLDER], capture_output=True, text=True)
            self.assertEqual(done.returncode, 0, done.stderr)
            code = "import sys; sys.path.insert(0, sys.argv[1]); import grpo_lens; print(grpo_lens.__file__); print(grpo_lens.show(['a'], [1]))"
            ran = subprocess.run([sys.executable, "-I", "-S", "-c", code, to], capture_output=True, text=True)
            self.assertIn(os.path.join(to, "grpo_lens"), ran.stdout, ran.stderr)
            self.assertIn("reward: mean 1", ran.stdout, ran.stderr)
        self.assertEqual([name for name in os.listdir(FOLDER) if name.endswith("egg-info") or name == "build"], [])

    def test_version_is_the_extension_s(self):
        import backend

        with open(os.path.join(ROOT, "package.json"), encoding="utf-8") as file:
            self.assertEqual(backend.VERSION, json.load(file)["version"])


if __name__ == "__main__":
    unittest.main()
