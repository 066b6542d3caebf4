"""A cell of a notebook as the text of a reward file: its own lines first, then, each below a mark, the cells before it."""

from __future__ import annotations

import ast

from .script import definitions

MARK = "# %% cell before (GRPO Lens)"
REWARD = "# %%reward"
_BETWEEN = f"\n{MARK}\n"


def own_lines(text: str) -> int | None:
    """How many lines are the cell's own; None where the text is no cell."""
    return text.split(_BETWEEN, 1)[0].count("\n") + 1 if _BETWEEN in text else None


def parse(text: str, path: str = "<unknown>") -> ast.Module:
    """Of the cells before, only what they define, as far as Python can read them; so too of the cell itself, unless it is
    a `%%reward` cell, which is run whole. Lines are those of the text. Errors: SyntaxError, of the cell's own lines."""
    own, *before = text.split(_BETWEEN)
    tree = ast.parse(own, path)
    if _BETWEEN not in text:
        return tree
    if not own.startswith(REWARD):
        tree = definitions(tree)
    earlier: list[ast.stmt] = []
    line = own.count("\n") + 2
    for cell in before:
        earlier += [ast.increment_lineno(node, line) for node in _defined(cell)]
        line += cell.count("\n") + 2
    return ast.Module(body=[*earlier, *tree.body], type_ignores=[])


def _defined(cell: str) -> list[ast.stmt]:
    try:
        return definitions(ast.parse(cell)).body
    except (SyntaxError, ValueError):
        return []
