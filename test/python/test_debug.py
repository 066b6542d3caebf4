import bdb
import contextlib
import io
import json
import os
import tempfile
import unittest

import house  # noqa: F401
from grpo_lens import debug

SOURCE = """import re

def exact(completions, solution, **kwargs):
    scores = []
    for text, truth in zip(completions, solution):
        found = re.search(r"\\d+", text)
        scores.append(float(bool(found) and found.group() == truth))
    return scores
"""


class Stopping(bdb.Bdb):
    """A debugger that notes what it sees at its breakpoints and goes on."""

    def __init__(self):
        super().__init__()
        self.seen = []

    def user_line(self, frame):
        if self.break_here(frame):
            self.seen.append((frame.f_lineno, frame.f_locals.get("text")))
        self.set_continue()


class DebugTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.path = os.path.join(folder.name, "rewards.py")
        self.asked = os.path.join(folder.name, "sample.json")

    def write(self, source, **more):
        with open(self.path, "w", encoding="utf-8") as file:
            file.write(source)
        columns = {"prompt": ["p"], "completion": ["it is 4"], "solution": ["4"]}
        with open(self.asked, "w", encoding="utf-8") as file:
            json.dump({"path": self.path, "reward": "exact", "columns": columns, **more}, file)

    def run_it(self, run=lambda: None):
        printed, noted = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(noted):
            status = run()
        return status, printed.getvalue(), noted.getvalue()

    def test_scores_the_sample(self):
        self.write(SOURCE)
        self.assertEqual(self.run_it(lambda: debug.main([self.asked])), (0, "exact gave 1.0\n", ""))

    def test_a_breakpoint_stops_in_the_users_own_file(self):
        self.write(SOURCE)
        debugger = Stopping()
        self.assertIsNone(debugger.set_break(self.path, 7))
        self.run_it(lambda: debugger.runcall(debug.main, [self.asked]))
        self.assertEqual(debugger.seen, [(7, "it is 4")])

    def test_a_syntax_error_is_one_sentence(self):
        self.write("def exact(completions:\n")
        status, _, noted = self.run_it(lambda: debug.main([self.asked]))
        self.assertEqual(status, 2)
        self.assertIn("rewards.py, line 1", noted)


if __name__ == "__main__":
    unittest.main()
