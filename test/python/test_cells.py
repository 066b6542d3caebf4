"""Rewards in cells: each is a text of its own that knows what the cells before it define, and trains nothing."""

import ast
import unittest

import house  # noqa: F401
from grpo_lens import cells, find
from grpo_lens.load import load

REWARD = "def reward(completions, **kwargs):\n    return [extract(c) for c in completions]"


def text(own, *before):
    return "\n".join([own, cells.MARK, ("\n" + cells.MARK + "\n").join(before)])


def lines(own, *before):
    return [(node.lineno, type(node).__name__) for node in cells.parse(text(own, *before)).body]


class Cells(unittest.TestCase):
    def test_what_cells_before_define_comes_first_at_lines_below_the_cell(self):
        found = lines(REWARD, "import re\nprint(1)", "def extract(c): return c")
        self.assertEqual(found, [(4, "Import"), (7, "FunctionDef"), (1, "FunctionDef")])
        self.assertEqual(cells.own_lines(text(REWARD, "x = 1")), 2)
        self.assertIsNone(cells.own_lines(REWARD))

    def test_a_broken_cell_before_is_left_out_and_a_broken_own_one_says_its_line(self):
        self.assertEqual(lines(REWARD, "def (", "import re"), [(6, "Import"), (1, "FunctionDef")])
        with self.assertRaises(SyntaxError) as caught:
            cells.parse(text("x = 1\ndef (", "import re"))
        self.assertEqual(caught.exception.lineno, 2)

    def test_a_plain_cell_runs_only_what_it_defines_a_reward_cell_runs_whole(self):
        own = f"{REWARD}\ntable = make()\ntrainer.train()"
        self.assertEqual(lines(own, ""), [(1, "FunctionDef")])
        self.assertEqual(lines(f"# %%reward\n{own}", "")[-1], (5, "Expr"))

    def test_rewards_are_those_of_the_cell_alone(self):
        other = "def other(completions, **kwargs): return []"
        self.assertEqual([found["name"] for found in find.find(text(REWARD, other), "a.ipynb")["rewards"]], ["reward"])
        self.assertEqual(find.find(text("def (", other), "a.ipynb")["broken"]["line"], 1)

    def test_helpers_and_imports_of_cells_before_are_known(self):
        loaded = load(
            text(REWARD, "import re", "def extract(c):\n    return float(bool(re.search('7', c)))"), "a.ipynb", "reward"
        )
        self.assertEqual(loaded.target(["7", "8"]), [1.0, 0.0])
        self.assertIsInstance(ast.parse(text(REWARD)), ast.Module)


if __name__ == "__main__":
    unittest.main()
