"""Exact match, F1 and format, by hand."""

import unittest

import house  # noqa: F401
from grpo_lens.evaluate import measure


def of(completion, solution):
    told = measure([{"completion": completion, "solution": solution}])["all"]
    return told["exact"], told["f1"], told["format"]


class Measuring(unittest.TestCase):
    def test_each_answer(self):
        for completion, solution, expected in (
            ("<think>a</think><answer>Yes.</answer>", "yes", (1, 1, 1)),
            ("<answer>the left lung</answer>", "<answer>left lung</answer>", (1, 1, 0)),
            ("left upper lung", "left lung", (0, 0.8, 0)),
            ("no", "yes", (0, 0, 0)),
            ("", "yes", (0, 0, 0)),
            ([{"role": "assistant", "content": "<answer>3</answer>"}], 3, (1, 1, 0)),
            ([{"role": "assistant", "content": [{"type": "text", "text": "<answer>3</answer>"}]}], 3, (1, 1, 0)),
            ([{"type": "text", "text": "<answer>3</answer>"}], 3, (1, 1, 0)),
        ):
            with self.subTest(completion):
                self.assertEqual(of(completion, solution), expected)

    def test_what_has_no_truth_is_left_out(self):
        told = measure(
            [{"completion": "yes"}, {"completion": "yes", "answer": "yes"}, {"output": "a dog", "gts": "dog"}]
        )
        self.assertEqual((told["samples"], told["left_out"]), (2, 1))
        self.assertEqual((told["closed"]["count"], told["open"]["count"]), (1, 1))
        self.assertIsNone(measure([])["all"]["exact"])

    def test_a_truth_that_is_a_list_is_none_that_we_know(self):
        """Several right answers, or the steps of one: nothing tells."""
        told = measure([{"completion": "up", "solution": ["up", "down"]}, {"completion": "up", "solution": []}])
        self.assertEqual((told["samples"], told["left_out"]), (0, 2))


if __name__ == "__main__":
    unittest.main()
