"""Rewards that stand in a training script: its definitions can be run without training."""

from __future__ import annotations

import ast

from .syntax import last_name

_STARTS = ("train", "fit", "train_model")
_KEPT = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_HARMLESS = (
    "compile",
    "getLogger",
    "get_logger",
    "Path",
    "frozenset",
    "set",
    "dict",
    "list",
    "tuple",
    "TypeVar",
    "join",
)


def trains(tree: ast.Module) -> bool:
    """Whether importing it would make a trainer or start one; what stands under `__main__` does not count."""
    calls = (node for statement in tree.body for node in _run_at_import(statement) if isinstance(node, ast.Call))
    return any(_starts(call) for call in calls)


def definitions(tree: ast.Module) -> ast.Module:
    """Imports, functions, classes and constants, also those under `try`; what stands under `if` may not be run."""
    return ast.Module(body=[kept for node in tree.body for kept in _kept(node)], type_ignores=[])


def _starts(call: ast.Call) -> bool:
    name = last_name(call.func) or ""
    return name.endswith("Trainer") or name in _STARTS and isinstance(call.func, ast.Attribute)


def _run_at_import(statement: ast.stmt) -> list[ast.AST]:
    if isinstance(statement, _KEPT) or _is_main(statement):
        return []
    found: list[ast.AST] = []
    todo: list[ast.AST] = [statement]
    while todo:
        node = todo.pop()
        found.append(node)
        inner = (child for child in ast.iter_child_nodes(node) if not isinstance(child, (*_KEPT, ast.Lambda)))
        todo.extend(inner)
    return found


def _is_main(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.If) and "__main__" in ast.dump(statement.test)


def _kept(statement: ast.stmt) -> list[ast.stmt]:
    if isinstance(statement, _KEPT) or _is_docstring(statement) or _is_constant(statement):
        return [statement]
    if isinstance(statement, ast.Try):
        parts = [[kept for node in body for kept in _kept(node)] for body in (statement.body, statement.orelse)]
        if not parts[0]:
            return []
        statement.body, statement.orelse, statement.finalbody = *parts, []
        return [statement]
    return []


def _is_docstring(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def _is_constant(statement: ast.stmt) -> bool:
    """An assignment that calls nothing but what only makes a value."""
    if not isinstance(statement, (ast.Assign, ast.AnnAssign)) or statement.value is None:
        return False
    calls = (node for node in ast.walk(statement.value) if isinstance(node, ast.Call))
    return all(last_name(call.func) in _HARMLESS for call in calls)
