"""Rewriting functions so that their statements report themselves."""

from __future__ import annotations

import ast
from typing import Any

from .expressions import Expressions
from .probes import CAUGHT, ENTER, FRAME, VALUE, at, called, constant, load

_QUIET = (ast.Global, ast.Nonlocal, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


class Statements(Expressions):
    def module(self, tree: ast.Module) -> ast.Module:
        tree.body = [self._outside(node) for node in tree.body]
        return tree

    def _outside(self, node: ast.stmt) -> ast.stmt:
        """Of what stands outside functions only the functions are rewritten."""
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            return self._function(node)
        for name in ("body", "orelse", "finalbody"):
            part = getattr(node, name, None)
            if isinstance(part, list):
                setattr(node, name, [self._outside(item) for item in part])
        for handler in getattr(node, "handlers", []):
            handler.body = [self._outside(item) for item in handler.body]
        return node

    def _function(self, node: Any) -> Any:
        outer, self.statement = self.statement, node.lineno
        self.functions.append(node.name)
        body = list(node.body)
        head = [body.pop(0)] if body and _is_docstring(body[0]) else []
        while body and isinstance(body[0], (ast.Global, ast.Nonlocal)):
            head.append(body.pop(0))
        args = node.args
        plain = [*args.posonlyargs, *args.args, *args.kwonlyargs, args.vararg, args.kwarg]
        names = tuple(arg.arg for arg in plain if arg)
        id = self.probe("enter", node, names=names)
        node.body = [*head, self._enter(id, names, node), *self._block(body, id)]
        self.functions.pop()
        self.statement = outer
        return node

    visit_FunctionDef = visit_AsyncFunctionDef = _function

    def _enter(self, id: int, names: tuple[str, ...], node: Any) -> ast.stmt:
        if not self.full:
            return statement(self.mark(id, node), node)
        given = at(ast.Tuple([load(name, node) for name in names], ast.Load()), node)
        frame = at(ast.Name(FRAME, ast.Store()), node)
        return at(ast.Assign([frame], called(ENTER, [constant(id, node), given], node)), node)

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.ClassDef:
        return self._outside(node)  # type: ignore[return-value]

    def _block(self, body: list[ast.stmt], lead: int | None = None) -> list[ast.stmt]:
        """A block after the mark `lead`, which stands for the first statement's mark too."""
        out: list[ast.stmt] = []
        for index, node in enumerate(body):
            outer, self.statement = self.statement, node.lineno
            if not isinstance(node, _QUIET):
                id = self.probe("stmt", node, extra=_decides(node))
                if index == 0 and lead is not None and not self.full:
                    self.probes[lead].also = id
                else:
                    out.append(statement(self.mark(id, node), node))
            seen = self.visit(node)
            out.extend(seen if isinstance(seen, list) else [seen])
            self.statement = outer
        return out

    def _led(self, kind: str, node: Any, body: list[ast.stmt], place: Any = None, **more: Any) -> list[ast.stmt]:
        """A block that begins with a mark of this kind."""
        id = self.probe(kind, place or node, **more)
        return [statement(self.mark(id, node), node), *self._block(body, id if body else None)]

    def _stores(self, targets: list[Any]) -> list[ast.stmt]:
        if not self.full:
            return []
        names = [node for target in targets for node in _names(target)]
        return [self._store(name) for name in names]

    def _store(self, name: ast.Name) -> ast.stmt:
        id = self.probe("store", name, names=(name.id,))
        return statement(called(VALUE, [load(FRAME, name), constant(id, name), load(name.id, name)], name), name)

    def visit_Assign(self, node: ast.Assign) -> list[ast.stmt]:
        node.value = self.visit(node.value)
        return [node, *self._stores(node.targets)]

    def visit_AugAssign(self, node: ast.AugAssign) -> list[ast.stmt]:
        node.value = self.visit(node.value)
        return [node, *self._stores([node.target])]

    def visit_AnnAssign(self, node: ast.AnnAssign) -> list[ast.stmt]:
        if node.value is None:
            return [node]
        node.value = self.visit(node.value)
        return [node, *self._stores([node.target])]

    def visit_If(self, node: ast.If) -> ast.stmt:
        test = node.test
        node.test = self.tested(test)
        node.body = self._led("branch", node, node.body, test, out=True)
        node.orelse = self._led("branch", node, node.orelse, test, out=False)
        return node

    def visit_While(self, node: ast.While) -> ast.stmt:
        node.test = self.tested(node.test)
        node.body = self._led("iter", node, node.body)
        node.orelse = self._block(node.orelse)
        return node

    def visit_For(self, node: Any) -> ast.stmt:
        node.iter = self.visit(node.iter)
        head = self._led("iter", node, []) if self.full else []
        stores = self._stores([node.target])
        rest = self._block(node.body) if self.full else self._led("iter", node, node.body)
        node.body = [*head, *stores, *rest]
        node.orelse = self._block(node.orelse)
        return node

    visit_AsyncFor = visit_For

    def visit_With(self, node: Any) -> ast.stmt:
        for item in node.items:
            item.context_expr = self.visit(item.context_expr)
        stores = self._stores([item.optional_vars for item in node.items if item.optional_vars])
        node.body = self._watched([*stores, *self._block(node.body)], node)
        return node

    visit_AsyncWith = visit_With

    def visit_Try(self, node: Any) -> ast.stmt:
        node.body = self._block(node.body)
        for handler in node.handlers:
            raises = any(isinstance(item, ast.Raise) for item in handler.body)
            id = self.probe("except", handler, extra={"raises": raises})
            handler.body = [self._caught(id, handler), *self._block(handler.body, id)]
        node.orelse = self._block(node.orelse)
        if node.finalbody:
            leaves = any(_leaves(item) for item in node.finalbody)
            node.finalbody = self._block(node.finalbody)
            if leaves:
                inner = [at(ast.Try(node.body, node.handlers, node.orelse, []), node)]
                node.body = self._watched(inner if node.handlers else node.body, node)
                node.handlers, node.orelse = [], []
        return node

    visit_TryStar = visit_Try

    def _watched(self, body: list[ast.stmt], node: Any) -> list[ast.stmt]:
        """A block whose exceptions are seen on their way out: `with suppress(…)` and `finally: return` end them."""
        caught = self._caught(self.probe("leaves", node), node)
        again = at(ast.Raise(None, None), node)
        handler = at(ast.ExceptHandler(load("BaseException", node), None, [caught, again]), node)
        return [at(ast.Try(body, [handler], [], []), node)]

    def _caught(self, id: int, node: Any) -> ast.stmt:
        frame = [load(FRAME, node)] if self.full else []
        return statement(called(CAUGHT, [constant(id, node), *frame], node), node)

    def visit_Match(self, node: Any) -> ast.stmt:
        node.subject = self.visit(node.subject)
        for case in node.cases:
            if case.guard:
                case.guard = self.tested(case.guard)
            case.body = self._led("case", node, case.body, case.body[0])
        return node

    def visit_Return(self, node: ast.Return) -> ast.stmt:
        value = self.visit(node.value) if node.value is not None else None
        if self.full:
            given = value if value is not None else constant(None, node)
            id = self.probe("return", node)
            node.value = called(VALUE, [load(FRAME, node), constant(id, node), given], node)
        else:
            node.value = value
        return node

    def visit_Assert(self, node: ast.Assert) -> ast.stmt:
        node.test = self.tested(node.test)
        return node

    def visit_Expr(self, node: ast.Expr) -> ast.stmt:
        node.value = self.visit(node.value)
        return node

    def visit_Global(self, node: Any) -> ast.stmt:
        return node

    visit_Nonlocal = visit_Import = visit_ImportFrom = visit_Delete = visit_Pass = visit_Global


def rewritten(tree: ast.Module, writer: Statements) -> Any:
    """Compiled code of the tree, which is changed; new probes are appended to the writer's."""
    return compile(writer.module(tree), writer.file, "exec", dont_inherit=True)


def statement(expr: ast.expr, like: Any) -> ast.stmt:
    return at(ast.Expr(expr), like)


def _is_docstring(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)


def _names(target: Any) -> list[ast.Name]:
    if isinstance(target, ast.Name):
        return [target]
    if isinstance(target, (ast.Tuple, ast.List)):
        return [name for item in target.elts for name in _names(item)]
    return _names(target.value) if isinstance(target, ast.Starred) else []


def _leaves(node: ast.stmt) -> bool:
    return any(isinstance(item, (ast.Return, ast.Break, ast.Continue)) for item in ast.walk(node))


def _decides(node: ast.stmt) -> dict[str, bool]:
    """A statement that can be where a score comes from: a return of more than a name, or an append."""
    if isinstance(node, ast.Return):
        return {"decides": True} if node.value is not None and not isinstance(node.value, ast.Name) else {}
    appends = (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Call)
        and getattr(node.value.func, "attr", "") == "append"
    )
    return {"decides": True} if appends else {}
