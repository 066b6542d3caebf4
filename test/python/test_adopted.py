"""An output folder that somebody else's training writes into."""

import os
import sys
import time
import unittest

import house

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../../python/grpo_lens"))
from onhost.adopted import adopted_facts  # noqa: E402


class Facts(unittest.TestCase):
    def test_a_link_to_nothing_hides_neither_changes_nor_the_log(self):
        folder = house.folder({"train.log": "step 1\n"})
        os.symlink(os.path.join(folder, "checkpoint-3"), os.path.join(folder, "latest"))
        os.symlink("gone.txt", os.path.join(folder, "log.txt"))
        facts = adopted_facts("run", {"folder": folder, "at": time.time()})
        self.assertEqual(facts["logFile"], os.path.join(folder, "train.log"))
        self.assertLess(facts["quietSeconds"], 60)


if __name__ == "__main__":
    unittest.main()
