"""What a rewritten text reports on."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from typing import Any

MARK, VALUE, CAUGHT, ENTER, FRAME, MATCH = (f"__grpo_{name}__" for name in ("t", "v", "x", "e", "f", "m"))
NOW, BACK, BEGUN, ELEMENT, DERIVED, GROWN, FILLED = (
    f"__grpo_{name}__" for name in ("now", "back", "begun", "element", "derived", "grown", "filled")
)
"""Names that the rewritten text calls; the second line of them only where a whole batch is called. The trailing
underscores keep Python from mangling them inside classes."""


@dataclass
class Probe:
    kind: str
    line: int
    col: int
    end_line: int
    end_col: int
    function: str
    file: str
    statement: int
    """Line of the statement it stands in."""
    out: bool | None = None
    """Of a branch: the test's outcome."""
    names: tuple[str, ...] = ()
    also: int | None = None
    """Line of the statement that follows at once, so that one mark does for both."""
    extra: dict[str, Any] = field(default_factory=dict)

    @property
    def range(self) -> tuple[int, int, int, int]:
        return self.line, self.col, self.end_line, self.end_col


_LOAD = ast.Load()


def at(node: Any, like: Any) -> Any:
    """The node, at the place of another one."""
    node.lineno, node.col_offset = like.lineno, like.col_offset
    node.end_lineno, node.end_col_offset = like.end_lineno, like.end_col_offset
    return node


def load(name: str, like: ast.AST) -> ast.Name:
    return at(ast.Name(name, _LOAD), like)


def constant(value: Any, like: ast.AST) -> ast.Constant:
    return at(ast.Constant(value), like)


def called(name: str, args: list[ast.expr], like: ast.AST) -> ast.Call:
    return at(ast.Call(load(name, like), args, []), like)
