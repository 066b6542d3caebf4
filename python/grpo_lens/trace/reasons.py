"""Why a statement was reached, and why others were not."""

from __future__ import annotations

import ast
from typing import Any

from .story import Story, range_of

_LEAVES = (ast.Return, ast.Continue, ast.Raise, ast.Break)
_functions = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)


def because(story: Story, frame: int, node: Any, before: int) -> list[dict]:
    """Tests and handlers that led to a node, innermost first; at the end the guards that let it pass."""
    source = story.source(frame)
    inside, guards = [], []
    while node in source.parent and not isinstance(node, _functions):
        parent = source.parent[node]
        reason = _enclosing(story, frame, (node, parent), before)
        if reason is not None:
            inside.append(reason)
        guards.extend(_guards(story, frame, (node, parent), before))
        node = parent
    return [*inside, *guards]


def _enclosing(story: Story, frame: int, pair: tuple, before: int) -> dict | None:
    node, parent = pair
    if isinstance(parent, (ast.If, ast.While)) and node is not parent.test:
        taken = node in parent.body
        return _test(story, frame, parent.test, before, taken)
    if isinstance(parent, ast.IfExp) and node is not parent.test:
        return _test(story, frame, parent.test, before, node is parent.body)
    if isinstance(parent, ast.ExceptHandler):
        at = story.last(frame, before, ("except",), range_of(parent))
        caught = story.events[at].more if at is not None else None
        found = {"how": "except", "line": parent.lineno, "test": "except", "outcome": None}
        return found if caught is None else {**found, "caught": _caught(caught)}
    return None


def _guards(story: Story, frame: int, pair: tuple, before: int) -> list[dict]:
    """Earlier `if`s of the same block that would have left it."""
    node, parent = pair
    for name in ("body", "orelse", "finalbody"):
        block = getattr(parent, name, None)
        if isinstance(block, list) and node in block:
            earlier = reversed(block[: block.index(node)])
            tests = [one.test for one in earlier if _is_guard(one)]
            return [{**_test(story, frame, test, before, False), "how": "guard"} for test in tests]
    return []


def _is_guard(node: Any) -> bool:
    return isinstance(node, ast.If) and not node.orelse and isinstance(node.body[-1], _LEAVES)


def _test(story: Story, frame: int, test: Any, before: int, outcome: bool) -> dict:
    source = story.source(frame)
    found = {"how": "in", "line": test.lineno, "test": source.words(test), "outcome": outcome}
    at, value = story.value(frame, test, before)
    if value is not None and value not in ("True", "False"):
        found["value"] = value
    operand = _decider(story, frame, test, before)
    return found if operand is None else {**found, "operand": operand}


def _decider(story: Story, frame: int, test: Any, before: int) -> dict | None:
    """The operand of `and` or `or` that settled it: the last one that was evaluated."""
    inner = test.operand if isinstance(test, ast.UnaryOp) else test
    if not isinstance(inner, ast.BoolOp):
        return None
    source = story.source(frame)
    seen = [(story.value(frame, operand, before), operand) for operand in inner.values]
    known = [(at, value, operand) for (at, value), operand in seen if at is not None]
    if not known:
        return None
    _, value, operand = max(known, key=lambda one: one[0])
    return {"text": source.words(operand), "value": value}


def missed(story: Story, frame: int, name: str, done: set, before: int) -> list[dict]:
    """Statements that would have set a name and were not reached, each with the test that stopped it."""
    source = story.source(frame)
    function = source.node(story.frames[frame].place, (ast.FunctionDef, ast.AsyncFunctionDef))
    found = []
    for node in ast.walk(function) if function is not None else []:
        if _sets(node, name) and node.lineno not in done and source.function(node) is function:
            told = _not_reached(story, frame, node, before)
            if told is not None:
                found.append(told)
    return found


def other_returns(story: Story, frame: int, node: Any, before: int) -> list[dict]:
    """Returns further up that were not reached, except those whose test is told as a guard already."""
    source = story.source(frame)
    function = source.function(node)
    told = {reason["line"] for reason in because(story, frame, node, before)}
    found = []
    for other in ast.walk(function) if function is not None else []:
        if isinstance(other, ast.Return) and other.lineno < node.lineno and source.function(other) is function:
            missing = _not_reached(story, frame, other, before)
            if missing is not None and missing["testLine"] not in told:
                found.append(missing)
    return found


def _not_reached(story: Story, frame: int, node: Any, before: int) -> dict | None:
    source = story.source(frame)
    if story.last(frame, before, ("stmt",), range_of(node)) is not None:
        return None
    reasons = [one for one in because(story, frame, node, before) if one["how"] == "in"][:1]
    if not reasons:
        return None
    reason = reasons[0]
    told = {"line": node.lineno, "text": source.words(node), "test": reason["test"], "testLine": reason["line"]}
    if _evaluated(story, frame, node, before):
        return {**told, "outcome": not reason["outcome"]}
    caught = _swallowing(story, frame, node, before)
    return {**told, "outcome": None, **({"caught": caught} if caught else {})}


def _evaluated(story: Story, frame: int, node: Any, before: int) -> bool:
    """Whether the test that guards it was evaluated at all."""
    source = story.source(frame)
    while node in source.parent:
        parent = source.parent[node]
        if isinstance(parent, (ast.If, ast.While, ast.IfExp)) and node is not parent.test:
            return story.value(frame, parent.test, before)[0] is not None
        node = parent
    return False


def _swallowing(story: Story, frame: int, node: Any, before: int) -> dict | None:
    """The exception that a `try` around it caught, instead of getting there."""
    source = story.source(frame)
    while node in source.parent and not isinstance(node, _functions):
        node = source.parent[node]
        if isinstance(node, (ast.Try, ast.With)):
            places = {range_of(one) for one in [*getattr(node, "handlers", []), node]}
            for at in reversed(story.exceptions(frame, before)):
                if story.probe(at).range in places:
                    return {**_caught(story.events[at].more), "line": story.probe(at).line}
    return None


def _caught(caught: Any) -> dict:
    return {"type": caught.type, "message": caught.message, "raisedAt": caught.line}


def _sets(node: Any, name: str) -> bool:
    if isinstance(node, ast.AugAssign):
        return isinstance(node.target, ast.Name) and node.target.id == name
    if isinstance(node, ast.Assign):
        return any(isinstance(target, ast.Name) and target.id == name for target in node.targets)
    return False
