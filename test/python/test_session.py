"""Cells of our own kernel, run in this very process."""

import signal
import sys
import unittest

import house  # noqa: F401
from grpo_lens.kernel.session import Session

TWICE = """
import os, signal
caught = 0
for _ in range(2):
    try:
        os.kill(os.getpid(), signal.SIGINT)
        for _ in range(100_000):
            pass
    except KeyboardInterrupt:
        caught += 1
assert caught == 2
"""


class Silent:
    def begin(self, cell):
        pass

    def end(self):
        pass

    def flush(self):
        pass


class Interrupts(unittest.TestCase):
    def test_a_cell_that_catches_one_can_be_interrupted_again(self):
        self.addCleanup(sys.modules.__setitem__, "__main__", sys.modules["__main__"])
        session = Session(lambda *_: None, Silent())
        self.addCleanup(signal.signal, signal.SIGINT, signal.signal(signal.SIGINT, session.interrupt))
        self.assertEqual(session.execute({"count": 1, "code": TWICE}, None), {"status": "ok"})
        self.assertIsNone(session.interrupt())


if __name__ == "__main__":
    unittest.main()
