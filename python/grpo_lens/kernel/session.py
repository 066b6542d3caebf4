"""One namespace, and cells that run in it one after the other."""

from __future__ import annotations

import ast
import builtins
import inspect
import linecache
import sys
import types
from typing import Any, Callable

from ..problem import Problem
from . import display, errors
from .streams import Streams
from .words import Given, reward_line

Tell = Callable[[str, dict], None]


class Session:
    """Methods of the wire; they run in the main thread, so that an interrupt reaches the user's code."""

    def __init__(self, tell: Tell, streams: Streams) -> None:
        self._tell, self._streams = tell, streams
        self._running = False
        self._count = 0
        self._given = Given()
        self._loop: Any = None
        module = types.ModuleType("__main__")
        module.__dict__.update(display=self.show, __builtins__=builtins)
        sys.modules["__main__"] = module
        self._names = module.__dict__

    def interrupt(self, *_: Any) -> None:
        """The handler of SIGINT: between cells there is nothing to interrupt."""
        if self._running:
            raise KeyboardInterrupt

    def keep(self, args: dict, _cancelled: Any) -> dict:
        """Samples of a `%%reward` cell that the editor read: `{name, columns, batches, groups, conversational}`."""
        return {"rows": self._given.keep(args)}

    def own(self, args: dict, _cancelled: Any) -> dict | None:
        """The samples that a `%%reward` cell with these words takes from its own variables, else None."""
        from .rewarding import own_samples

        return own_samples(args["words"], self._names, self._given, args["most"])

    def execute(self, args: dict, _cancelled: Any) -> dict:
        """Runs a cell: `{status: ok}`, `{status: error, error}` or `{status: interrupted, error}`."""
        self._count = args["count"]
        self._streams.begin(self._count)
        try:
            return self._outcome(args["code"])
        finally:
            self._running = False
            self._streams.end()

    def show(self, *values: Any) -> None:
        """`display`: shows values amid the cell's output."""
        self._streams.flush()
        for value in values:
            self._display(display.bundle_of(value))

    def _display(self, bundle: dict) -> None:
        try:
            self._tell("display", {"cell": self._count, "bundle": bundle})
        except (TypeError, ValueError):
            self._tell("display", {"cell": self._count, "bundle": {"text/plain": str(bundle.get("text/plain"))}})

    def _outcome(self, code: str) -> dict:
        try:
            self._running = True
            try:
                self._run(code)
                for drawn in display.figures():
                    self._display(drawn)
            finally:
                self._running = False
            return {"status": "ok"}
        except KeyboardInterrupt as error:
            return {"status": "interrupted", "error": errors.told(error)}
        except Problem as error:
            return {"status": "error", "error": {"name": "Problem", "message": str(error), "stack": str(error)}}
        except BaseException as error:
            return {"status": "error", "error": errors.told(error)}

    def _run(self, code: str) -> None:
        line = reward_line(code)
        if line is None:
            self._run_python(code)
            return
        from ..load import standing_in
        from .rewarding import reward_cell

        body = "\n" + code.split("\n", 1)[1] if "\n" in code else ""
        with standing_in() as stood_in:
            self._run_python(body)
        for name in sorted(stood_in):
            print(f"{name} is not installed here: what this cell takes from it is stood in for.", file=sys.stderr)
        for output in reward_cell(body, line, self._names, self._given):
            self.show(output)

    def _run_python(self, code: str) -> None:
        """Statements; the value of an expression at the end is shown, and is `_` from then on."""
        name = errors.cell_name(self._count)
        linecache.cache[name] = (len(code), None, code.splitlines(keepends=True), name)
        tree = ast.parse(_without_magics(code), name)
        last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) and not _silent(code) else None
        self._evaluate(tree, name, "exec")
        if last is None:
            return
        value = self._evaluate(ast.Expression(last.value), name, "eval")
        if value is not None:
            self._names["_"] = value
            self.show(value)

    def _evaluate(self, tree: Any, name: str, mode: str) -> Any:
        flags = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
        code = compile(tree, name, mode, flags=flags, dont_inherit=True)
        value = eval(code, self._names)
        if not code.co_flags & inspect.CO_COROUTINE:
            return value
        if self._loop is None:
            import asyncio

            self._loop = asyncio.new_event_loop()
            asyncio.set_event_loop(self._loop)
        return self._loop.run_until_complete(value)


def _without_magics(code: str) -> str:
    """`%load_ext grpo_lens` asks for what is here anyway. Errors: `Problem` for every other magic of IPython's."""
    if not any(line.lstrip()[:1] in ("%", "!") for line in code.split("\n")):
        return code
    if code.strip() == "%load_ext grpo_lens":
        return ""
    try:
        ast.parse(code)
    except SyntaxError as error:
        line = code.split("\n")[(error.lineno or 1) - 1].strip()
        if line[:1] in ("%", "!"):
            text = f'"{line[:60]}" is a magic of IPython: choose a Jupyter kernel for this notebook.'
            raise Problem("unsupported", text) from None
    return code


def _silent(code: str) -> bool:
    """As in Jupyter, a semicolon at the end keeps the last value to itself."""
    return code.rstrip().endswith(";")
