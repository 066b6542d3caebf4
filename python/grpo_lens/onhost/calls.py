"""Settings that a Python text gives to its trainer: the keyword arguments of calls such as `SomeConfig(…)`."""

import ast
import re

CONFIGURES = re.compile(r"(Config|Arguments|Args)$")
MOST_CALLS = 20


def calls(text):
    """Each call with its line and its settings by name; None stands for what only running would tell."""
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError):
        return []
    constants = constants_of(tree)
    found = []
    for node in ast.walk(tree):
        name = node.func if isinstance(node, ast.Call) else None
        word = name.id if isinstance(name, ast.Name) else name.attr if isinstance(name, ast.Attribute) else ""
        if CONFIGURES.search(word) and node.keywords:
            settings = {one.arg or "**": value_of(one.value, constants) for one in node.keywords}
            found.append({"call": word, "line": node.lineno, "settings": settings})
    return sorted(found, key=lambda one: one["line"])[:MOST_CALLS]


def constants_of(tree):
    """Names that the text gives a plain value, once, outside of all functions."""
    given, twice = {}, set()
    for node in tree.body:
        for target in node.targets if isinstance(node, ast.Assign) else []:
            if isinstance(target, ast.Name):
                twice |= {target.id} & set(given)
                given[target.id] = value_of(node.value, {})
    return {name: value for name, value in given.items() if name not in twice}


def value_of(node, constants):
    if isinstance(node, ast.Name):
        return constants.get(node.id)
    try:
        value = ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return None
    return value if is_plain(value) else None


def is_plain(value):
    """What JSON can hold; a number that is none of its own would be read by nobody."""
    if isinstance(value, float):
        return value - value == 0
    if isinstance(value, dict):
        return all(isinstance(key, str) and is_plain(one) for key, one in value.items())
    if isinstance(value, (list, tuple)):
        return all(is_plain(one) for one in value)
    return value is None or isinstance(value, (bool, int, str))
