"""Rewriting expressions so that they report themselves; their values and their order stay as they were."""

from __future__ import annotations

import ast
from typing import Any

from .probes import FRAME, MARK, MATCH, VALUE, Probe, at, called, constant, load

_MATCHES = ("search", "match", "fullmatch", "findall", "finditer")
_UNSEEN = ("super", "locals", "globals", "vars", "append")


class Expressions(ast.NodeTransformer):
    """`full`: values too. Outside functions nothing is rewritten."""

    def __init__(self, file: str, full: bool, probes: list[Probe]) -> None:
        self.file, self.full, self.probes = file, full, probes
        self.functions: list[str] = []
        self.statement = 0

    def probe(self, kind: str, node: Any, **more: Any) -> int:
        function = self.functions[-1] if self.functions else "<module>"
        end_line, end_col = node.end_lineno or node.lineno, node.end_col_offset or 0
        place = (node.lineno, node.col_offset, end_line, end_col)
        self.probes.append(Probe(kind, *place, function, self.file, self.statement or node.lineno, **more))
        return len(self.probes) - 1

    def mark(self, id: int, like: ast.AST) -> ast.Call:
        """`mark(id)`, or `mark(id, frame)` where values are kept; it returns None."""
        frame = [load(FRAME, like)] if self.full else []
        return called(MARK, [constant(id, like), *frame], like)

    def marked(self, kind: str, expr: Any, node: Any = None, **more: Any) -> ast.expr:
        """`(mark(id) or expr)`: no call of a Python function at path level."""
        id = self.probe(kind, node or expr, **more)
        return at(ast.BoolOp(ast.Or(), [self.mark(id, expr), expr]), expr)

    def valued(self, kind: str, expr: Any, node: Any = None, **more: Any) -> ast.expr:
        """`value(frame, id, expr)`, which returns the value."""
        id = self.probe(kind, node or expr, **more)
        return called(VALUE, [load(FRAME, expr), constant(id, expr), expr], expr)

    def tested(self, test: Any) -> ast.expr:
        return self.valued("test", self.visit(test), test) if self.full else self.visit(test)

    def visit_BoolOp(self, node: ast.BoolOp) -> ast.expr:
        for index, value in enumerate(node.values):
            seen = self.visit(value)
            if self.full:
                node.values[index] = self.valued("operand", seen, value)
            elif index > 0:
                node.values[index] = self.marked("operand", seen, value)
        return node

    def visit_IfExp(self, node: ast.IfExp) -> ast.expr:
        test, place = node.test, {"extra": {"inline": True}}
        node.test = self.tested(test)
        node.body = self.marked("branch", self.visit(node.body), test, out=True, **place)
        node.orelse = self.marked("branch", self.visit(node.orelse), test, out=False, **place)
        return node

    def _comprehension(self, node: Any) -> Any:
        for part in node.generators:
            part.iter = self.visit(part.iter)
            part.ifs = [self.tested(test) for test in part.ifs]
        if isinstance(node, ast.DictComp):
            node.key = self.marked("element", self.visit(node.key), node.key)
            node.value = self.visit(node.value)
            return node
        shown = self.visit(node.elt)
        node.elt = self.valued("element", shown, node.elt) if self.full else self.marked("element", shown, node.elt)
        return node

    visit_ListComp = visit_SetComp = visit_GeneratorExp = visit_DictComp = _comprehension

    def _general(self, node: Any) -> Any:
        place = at(ast.Name("_", ast.Load()), node)
        seen = self.generic_visit(node)
        if self.full and isinstance(getattr(node, "ctx", ast.Load()), ast.Load):
            return self.valued("expr", seen, place)
        return seen

    visit_Compare = visit_BinOp = visit_UnaryOp = visit_Subscript = visit_Attribute = _general

    def visit_Call(self, node: ast.Call) -> ast.expr:
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        if isinstance(node.func, ast.Attribute):
            node.func.value = self.visit(node.func.value)
        elif not isinstance(node.func, ast.Name):
            node.func = self.visit(node.func)
        appends = name == "append" and len(node.args) == 1 and isinstance(node.func, ast.Attribute)
        kind = "append" if appends and self.full else None
        node.args = [self._argument(arg, kind) for arg in node.args]
        for keyword in node.keywords:
            keyword.value = self.visit(keyword.value)
        if not self.full or name in _UNSEEN:
            return node
        if name in _MATCHES and not any(isinstance(arg, ast.Starred) for arg in node.args):
            return self._match(node, name)
        return self.valued("expr", node, node, names=(name,))

    def _argument(self, arg: Any, kind: str | None) -> Any:
        if isinstance(arg, ast.Starred):
            arg.value = self.visit(arg.value)
            return arg
        return self.valued(kind, self.visit(arg), arg) if kind else self.visit(arg)

    def _match(self, node: ast.Call, name: str) -> ast.expr:
        """`match(frame, id, function, …)`, which calls it and remembers pattern and text if it is a regex's."""
        id = self.probe("expr", node, names=(name,), extra={"match": True})
        head = [load(FRAME, node), constant(id, node), node.func]
        return at(ast.Call(load(MATCH, node), [*head, *node.args], node.keywords), node)

    def visit_NamedExpr(self, node: ast.NamedExpr) -> ast.expr:
        node.value = self.visit(node.value)
        return self.valued("store", node, node.target, names=(node.target.id,)) if self.full else node

    def visit_Lambda(self, node: ast.Lambda) -> ast.expr:
        body = self.visit(node.body)
        node.body = body if self.full else self.marked("lambda", body, node.body)
        return node

    def visit_JoinedStr(self, node: ast.JoinedStr) -> ast.expr:
        return node

    visit_Name = visit_Constant = visit_Slice = visit_JoinedStr
