"""Rewriting for a call of a whole batch: loops hand back the sample that they began with, and lists that are made in
them know whose their elements are."""

from __future__ import annotations

import ast
from typing import Any

from .probes import BACK, BEGUN, DERIVED, ELEMENT, FILLED, GROWN, NOW, at, called, load
from .statements import Statements, statement

_LOOPS = (ast.For, ast.AsyncFor, ast.While)
_SIMPLE = (ast.Assign, ast.AugAssign, ast.AnnAssign, ast.Expr)
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


class Whole(Statements):
    def visit(self, node: Any) -> Any:
        loops = isinstance(node, _LOOPS) or isinstance(node, _SIMPLE) and _comprehends(node)
        if loops and self.functions:
            return self._looped(node)
        return super().visit(node)

    def _looped(self, node: Any) -> list[ast.stmt]:
        """What is stored after a loop is of nobody's turn but the one before it."""
        name = f"__grpo_w{node.lineno}_{node.col_offset}__"
        seen = super().visit(node)
        first, *rest = seen if isinstance(seen, list) else [seen]
        before = at(ast.Assign([at(ast.Name(name, ast.Store()), node)], called(NOW, [], node)), node)
        return [before, first, statement(called(BACK, [load(name, node)], node), node), *rest]

    def visit_ListComp(self, node: ast.ListComp) -> ast.expr:
        seen = self._comprehension(node)
        seen.elt = called(ELEMENT, [seen.elt], node)
        return called(DERIVED, [called(BEGUN, [], node), seen], node)

    def visit_List(self, node: ast.List) -> ast.expr:
        seen = self.generic_visit(node)
        grows = not node.elts and isinstance(node.ctx, ast.Load)
        return called(GROWN, [], node) if grows else seen  # type: ignore[return-value]

    def visit_BinOp(self, node: ast.BinOp) -> Any:
        """`[0.0] * len(completions)`, to be filled by index."""
        filled = isinstance(node.op, ast.Mult) and isinstance(node.left, ast.List) and bool(node.left.elts)
        seen = self._general(node)
        return called(FILLED, [seen], node) if filled else seen


def _comprehends(node: ast.stmt) -> bool:
    return any(isinstance(one, _COMPREHENSIONS) for one in ast.walk(node))
