"""The cause of a score: a backward slice from what was returned, as a tree of statements and values.

Where the slice would have to guess (aliases, attributes, generators, more than eight calls deep) it stops: a line with
its value and no cause.
"""

from __future__ import annotations

import ast
from typing import Any

from .reasons import because, missed, other_returns
from .story import Frame, Story

_DEPTH = 8
_COMPARED = 60
_TRANSPARENT = ("max", "min", "float", "int", "round", "abs", "sum", "bool", "len", "list", "tuple", "sorted", "mean")
_TOTALS = ("overall", "score", "reward", "total")


def why(story: Story) -> dict | None:
    """The cause tree of a call for one sample; None where nothing was traced."""
    if not story.frames:
        return None
    frame = story.frames[min(story.frames)]
    cause = _joined(_Slice(story).returned(frame, 0))
    return cause if story.whole is None else {**cause, "value": story.whole.value}


class _Slice:
    def __init__(self, story: Story) -> None:
        self._story = story

    def returned(self, frame: Frame, depth: int) -> dict:
        """Why a frame gave what it gave."""
        story = self._story
        at = story.last(frame.id, len(story.events), ("return",))
        if at is None:
            return self._fell_off(frame)
        source = story.source(frame.id)
        node = source.node(story.probe(at).range, ast.Return)
        if isinstance(node.value, ast.Name):
            appended = self._appended(frame, node.value.id, at, depth)
            if appended is not None:
                return appended
        value, before = self._element(frame, node.value, at) if depth == 0 else (node.value, at)
        below = [self.expression(frame, value, before, depth + 1)] if value is not None else []
        told = self._told(frame, node, at, below)
        return {**told, "missed": other_returns(story, frame.id, node, at)}

    def _element(self, frame: Frame, node: Any, at: int) -> tuple[Any, int]:
        """Of a returned comprehension of a whole batch, this sample's element, and the event after it."""
        story = self._story
        made = None
        if story.whole is not None and isinstance(node, ast.ListComp):
            made = story.last(frame.id, at, ("element",), _place(node.elt))
        return (node, at) if made is None else (node.elt, story.own(made, "element") + 1)

    def _fell_off(self, frame: Frame) -> dict:
        """No return was reached: it raised, or ended without one."""
        story, source = self._story, self._story.source(frame.id)
        at = story.last(frame.id, len(story.events), ("stmt",))
        node = source.node(story.probe(at).range, ast.stmt) if at is not None else None
        if node is None:
            return _cause(frame.line, frame.function, frame.function, "None")
        inner = story.called(frame.id, None, len(story.events))
        below = (
            [self._fell_off(inner)] if inner is not None and inner.entered > at and not _returned(story, inner) else []
        )
        return {**self._told(frame, node, at, below), "value": None}

    def _appended(self, frame: Frame, name: str, before: int, depth: int) -> dict | None:
        """The last thing put into the list that was returned."""
        story, source = self._story, self._story.source(frame.id)
        for at in reversed(frame.events):
            if at >= before:
                continue
            probe = story.probe(at)
            if probe.kind == "append":
                at = story.own(at, "append")
                node = source.node(probe.range, ast.expr)
                call = source.parent.get(node)
                if isinstance(call, ast.Call) and getattr(getattr(call.func, "value", None), "id", None) == name:
                    return self._told(frame, source.statement(node), at, [self.expression(frame, node, at, depth + 1)])
            elif probe.kind == "stmt":
                node = source.node(probe.range, ast.Assign)
                if node is not None and _puts_into(node, name):
                    return self._told(frame, node, before, [self.expression(frame, node.value, before, depth + 1)])
        return None

    def _told(self, frame: Frame, node: Any, at: int, below: list) -> dict:
        source = self._story.source(frame.id)
        value = below[0]["value"] if below and below[0]["value"] is not None else self._story.events[at].text or None
        told = _cause(node.lineno, source.words(node), frame.function, value)
        return {**told, "file": frame.file, "because": because(self._story, frame.id, node, at), "from": _useful(below)}

    def expression(self, frame: Frame, node: Any, before: int, depth: int) -> dict:
        story, source = self._story, self._story.source(frame.id)
        at, value = story.value(frame.id, node, before)
        found = {**_cause(node.lineno, source.words(node), frame.function, value), "file": frame.file}
        if isinstance(node, ast.Constant) or isinstance(node, ast.UnaryOp) and isinstance(node.operand, ast.Constant):
            return {**found, "value": source.words(node), "constant": True}
        if depth > _DEPTH:
            return found
        until = at if at is not None else before
        part = getattr(self, f"_{type(node).__name__.lower()}", None)
        return found if part is None else part(frame, node, (found, until), depth)

    def _name(self, frame: Frame, node: ast.Name, given: tuple, depth: int) -> dict:
        found, before = given
        story, source = self._story, self._story.source(frame.id)
        stores = story.stores(frame.id, node.id, before)
        if not stores:
            argument = frame.arguments.get(node.id)
            return {**found, "value": argument, "argument": argument is not None}
        parts, done = [], set()
        for at in reversed(stores):
            statement = source.statement(source.node(story.probe(at).range, ast.Name))
            done.add(statement.lineno if statement is not None else 0)
            parts.insert(0, self._stored(frame, statement, at, depth))
            if not isinstance(statement, ast.AugAssign):
                break
        if self._changed(frame, node.id, (stores[-1], before)):
            return found
        value = story.events[stores[-1]].text
        return {**found, "value": value, "from": parts, "missed": missed(story, frame.id, node.id, done, before)}

    def _changed(self, frame: Frame, name: str, between: tuple) -> bool:
        """Whether what the name holds was changed in place meanwhile, so that the stored value is not the one."""
        story, source = self._story, self._story.source(frame.id)
        after, before = between
        for at in frame.events:
            if after < at < before and story.probe(at).kind == "stmt":
                node = source.node(story.probe(at).range, (ast.Assign, ast.AugAssign, ast.Expr))
                if node is not None and _changes(node, name):
                    return True
        return False

    def _stored(self, frame: Frame, statement: Any, at: int, depth: int) -> dict:
        story, source = self._story, self._story.source(frame.id)
        text = source.words(statement).split(":\n")[0]
        found = {**_cause(statement.lineno, text, frame.function, story.events[at].text), "file": frame.file}
        target = getattr(statement, "target", None) or (getattr(statement, "targets", None) or [None])[0]
        if isinstance(statement, (ast.For, ast.AsyncFor)):
            found["text"] = source.words(statement.target) + " in " + source.words(statement.iter)
            return found
        found["because"] = because(story, frame.id, statement, at)
        if isinstance(statement, (ast.Assign, ast.AnnAssign, ast.AugAssign)) and isinstance(target, ast.Name):
            found["from"] = _useful([self.expression(frame, statement.value, at, depth + 1)])
        return found

    def _call(self, frame: Frame, node: ast.Call, given: tuple, depth: int) -> dict:
        found, until = given
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", None)
        inner = self._story.called(frame.id, name, until)
        if inner is not None:
            return {**found, "from": [self.returned(inner, depth + 1)]}
        if name not in _TRANSPARENT:
            return found
        args = [arg for arg in node.args if not isinstance(arg, (ast.Constant, ast.Starred))][:3]
        return {**found, "from": _useful([self.expression(frame, arg, until, depth + 1) for arg in args])}

    def _await(self, frame: Frame, node: ast.Await, given: tuple, depth: int) -> dict:
        return self.expression(frame, node.value, given[1], depth)

    def _ifexp(self, frame: Frame, node: ast.IfExp, given: tuple, depth: int) -> dict:
        found, until = given
        at = self._story.last(frame.id, until, ("test",), _place(node.test))
        truth = self._story.events[at].truth if at is not None else None
        if truth is None:
            return found
        arm = node.body if truth else node.orelse
        below = self.expression(frame, arm, until, depth + 1)
        reasons = because(self._story, frame.id, arm, until)[:1]
        return {**found, "value": below["value"], "because": reasons, "from": _useful([below])}

    def _binop(self, frame: Frame, node: ast.BinOp, given: tuple, depth: int) -> dict:
        return self._parts(frame, [node.left, node.right], given, depth)

    def _unaryop(self, frame: Frame, node: ast.UnaryOp, given: tuple, depth: int) -> dict:
        return self._parts(frame, [node.operand], given, depth)

    def _compare(self, frame: Frame, node: ast.Compare, given: tuple, depth: int) -> dict:
        return self._parts(frame, [node.left, *node.comparators], given, depth)

    def _boolop(self, frame: Frame, node: ast.BoolOp, given: tuple, depth: int) -> dict:
        return self._parts(frame, node.values, given, depth)

    def _listcomp(self, frame: Frame, node: ast.ListComp, given: tuple, depth: int) -> dict:
        found, until = given
        below = self.expression(frame, node.elt, until, depth + 1)
        return {**found, "value": below["value"] or found["value"], "from": _useful([below])}

    _generatorexp = _listcomp

    def _list(self, frame: Frame, node: ast.List, given: tuple, depth: int) -> dict:
        return self._parts(frame, node.elts[:3], given, depth)

    _tuple = _list

    def _dict(self, frame: Frame, node: ast.Dict, given: tuple, depth: int) -> dict:
        found, until = given
        named = [(key.value, value) for key, value in zip(node.keys, node.values) if isinstance(key, ast.Constant)]
        totals = [value for key, value in named if key in _TOTALS]
        below = [self.expression(frame, value, until, depth + 1) for value in totals[:1]]
        return {**found, "value": below[0]["value"] if below else found["value"], "from": _useful(below)}

    def _parts(self, frame: Frame, nodes: list, given: tuple, depth: int) -> dict:
        found, until = given
        below = [self.expression(frame, node, until, depth + 1) for node in nodes if not isinstance(node, ast.Constant)]
        return {**found, "from": _useful(below)}


def _cause(line: int, text: str, function: str, value: str | None) -> dict:
    return {"line": line, "text": text, "function": function, "value": value, "because": [], "from": [], "missed": []}


def _joined(cause: dict) -> dict:
    """An expression that is all of its statement is told once, as the statement."""
    below = [_joined(one) for one in cause["from"]]
    if len(below) == 1:
        one = below[0]
        same = (one["line"], one["function"], one["value"]) == (cause["line"], cause["function"], cause["value"])
        if same and one["text"][:_COMPARED] in cause["text"]:
            both = {key: [*cause[key], *one[key]] for key in ("because", "missed")}
            return {**cause, **both, "from": one["from"]}
    return {**cause, "from": below}


def _useful(below: list) -> list:
    return [one for one in below if not one.get("constant") and (one["value"] is not None or one["from"])]


def _returned(story: Story, frame: Frame) -> bool:
    return story.last(frame.id, len(story.events), ("return",)) is not None


def _place(node: Any) -> tuple:
    return node.lineno, node.col_offset, node.end_lineno, node.end_col_offset


def _changes(node: Any, name: str) -> bool:
    """`name[…] = value`, `name[…] += value`, `name.append(value)` and the like."""
    if isinstance(node, ast.Expr):
        function = getattr(node.value, "func", None)
        return getattr(getattr(function, "value", None), "id", None) == name
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    return any(isinstance(one, ast.Subscript) and getattr(one.value, "id", None) == name for one in targets)


def _puts_into(node: ast.Assign, name: str) -> bool:
    """`name[…] = value`."""
    target = node.targets[0]
    return isinstance(target, ast.Subscript) and getattr(target.value, "id", None) == name
