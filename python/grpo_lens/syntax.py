"""Small questions to a syntax tree."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import Iterator, Union

Function = Union[ast.FunctionDef, ast.AsyncFunctionDef]


@dataclass(frozen=True)
class Signature:
    names: tuple[str, ...]
    """All parameters that can be given by name."""
    required: tuple[str, ...]
    takes_any: bool

    def needs(self, *given: str) -> tuple[str, ...]:
        return tuple(name for name in self.required if name not in given)


def statements(tree: ast.Module) -> Iterator[ast.stmt]:
    """Statements at module level, also those under `if` and `try`."""
    todo = list(tree.body)
    while todo:
        node = todo.pop(0)
        yield node
        if isinstance(node, (ast.If, ast.Try)):
            inner = [*node.body, *node.orelse, *getattr(node, "finalbody", [])]
            todo[:0] = inner + [s for handler in getattr(node, "handlers", []) for s in handler.body]


def functions(tree: ast.Module) -> Iterator[Function]:
    """Functions of the module that may be rewards: helpers begin with an underscore."""
    for node in statements(tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and not node.name.startswith("_"):
            yield node


def classes(tree: ast.Module) -> dict[str, ast.ClassDef]:
    return {node.name: node for node in statements(tree) if isinstance(node, ast.ClassDef)}


def signature(function: Function, bound: bool = False) -> Signature:
    """Its parameters; `bound`: without the first (`self`)."""
    args = function.args
    plain = [arg.arg for arg in [*args.posonlyargs, *args.args]]
    needed = plain[: len(plain) - len(args.defaults)] if args.defaults else plain
    keyword = [arg.arg for arg in args.kwonlyargs]
    required = [name for name, default in zip(keyword, args.kw_defaults) if default is None]
    skip = 1 if bound else 0
    return Signature((*plain[skip:], *keyword), (*needed[skip:], *required), args.kwarg is not None)


def method(node: ast.ClassDef, name: str) -> Function | None:
    for item in node.body:
        if isinstance(item, (ast.FunctionDef, ast.AsyncFunctionDef)) and item.name == name:
            return item
    return None


def last_name(node: ast.expr) -> str | None:
    """`C` of `C`, `a.b.C` and `C[T]`."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return node.attr
    return last_name(node.value) if isinstance(node, ast.Subscript) else None


def constant(tree: ast.Module, name: str) -> object:
    """The literal that a module-level name is set to, or None."""
    for node in statements(tree):
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant):
            if any(isinstance(target, ast.Name) and target.id == name for target in node.targets):
                return node.value.value
    return None
