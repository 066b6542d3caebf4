import os
import threading
import unittest

import house  # noqa: F401  puts our package on the path
from grpo_lens.kernel.streams import _Pipe


class Drained(unittest.TestCase):
    def test_what_is_just_being_taken_counts_as_written(self):
        """Else it came after the end of its cell, and was lost with the beginning of the next."""
        begun, go_on, taken = threading.Event(), threading.Event(), []

        def slowly(_name, text):
            begun.set()
            go_on.wait(5)
            taken.append(text)

        descriptor = os.open(os.devnull, os.O_WRONLY)
        pipe = _Pipe(descriptor, "stdout", slowly)
        os.write(descriptor, b"x" * 10)
        self.assertTrue(begun.wait(5))
        threading.Timer(0.1, go_on.set).start()
        pipe.drain()
        self.assertEqual(taken, ["x" * 10])


if __name__ == "__main__":
    unittest.main()
