"""What an expression holds and is called, as far as that can be told without running it."""

import ast
import json

DEEPEST = 12
UNKNOWN = object()


def literal(source, node, depth=0):
    """The value of an expression as JSON can hold it, `UNKNOWN` where only running it would tell."""
    if node is None or depth > DEEPEST:
        return UNKNOWN
    if isinstance(node, ast.Name) and node.id in source.values:
        return literal(source, source.values[node.id], depth + 1)
    if isinstance(node, ast.Dict):
        pairs = [
            (literal(source, key, depth + 1), literal(source, value, depth + 1))
            for key, value in zip(node.keys, node.values)
        ]
        return {key: value for key, value in pairs if isinstance(key, str) and value is not UNKNOWN}
    try:
        value = ast.literal_eval(node)
        json.dumps(value, allow_nan=False)
        return list(value) if isinstance(value, tuple) else value
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return UNKNOWN


def made(factory):
    """What `default_factory` makes, as an expression."""
    if isinstance(factory, ast.Lambda):
        return factory.body
    name = last_name(factory)
    if name in ("list", "dict"):
        return ast.parse({"list": "[]", "dict": "{}"}[name], mode="eval").body
    return factory


def unparsed(node):
    text = " ".join(ast.unparse(node).split())
    return text[1:-1] if isinstance(node, ast.Constant) and isinstance(node.value, str) else text


def last_name(node):
    if isinstance(node, ast.Subscript):
        return last_name(node.value)
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else None


def decorator_name(node):
    return last_name(node.func if isinstance(node, ast.Call) else node)
