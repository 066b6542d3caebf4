"""JSON-RPC 2.0, one object a line, on private copies of standard input and output.

The copies are taken before any of the user's code runs; afterwards standard input is empty and what is written to
standard output or error lands in a file of its own, so that no print can break the protocol.
"""

from __future__ import annotations

import json
import os
import queue
import signal
import tempfile
import threading
import traceback
from typing import Any, Callable

from .problem import Problem

Method = Callable[[dict, Callable[[], bool]], Any]

_encode = json.JSONEncoder(separators=(",", ":"), allow_nan=False).encode
_decode = json.loads
_write = os.write
_INTERNAL_ERROR = -32603


class Wire:
    """Answers the methods it is given, in the main thread; a second thread listens for cancellation and for the end."""

    def __init__(self) -> None:
        self._in = os.fdopen(os.dup(0), "rb", buffering=1 << 20)
        self._out = os.dup(1)
        self.crashes = os.fdopen(os.dup(2), "wb", buffering=0)
        self.spilled = tempfile.TemporaryFile("a+b", buffering=0)
        nothing = os.open(os.devnull, os.O_RDONLY)
        os.dup2(nothing, 0)
        os.dup2(self.spilled.fileno(), 1)
        os.dup2(self.spilled.fileno(), 2)
        self._asked: queue.SimpleQueue = queue.SimpleQueue()
        self._cancelled: set = set()
        self._lock = threading.Lock()

    def tell(self, name: str, data: dict) -> None:
        self._send({"jsonrpc": "2.0", "method": name, "params": data})

    def serve(self, methods: dict[str, Method]) -> None:
        threading.Thread(target=self._listen, name="grpo-lens-wire", daemon=True).start()
        while True:
            message = self._asked.get()
            try:
                self._answer(message, methods)
            except BaseException:
                self.crashes.write(traceback.format_exc().encode())
                raise

    def _listen(self) -> None:
        for line in self._in:
            message = _decode(line)
            if message.get("method") == "$/cancelRequest":
                self._cancelled.add(message["params"]["id"])
            elif "id" in message:
                self._asked.put(message)
        end_with_children()

    def _answer(self, message: dict, methods: dict[str, Method]) -> None:
        id, name = message["id"], message["method"]
        try:
            if name not in methods:
                raise Problem("unsupported", f'This Python side does not know the call "{name}".')
            result = methods[name](message.get("params") or {}, lambda: id in self._cancelled)
            self._send({"jsonrpc": "2.0", "id": id, "result": result})
        except Problem as problem:
            self._fail(id, _INTERNAL_ERROR, problem.record())
        except BaseException as bug:
            message = f"Something went wrong inside GRPO Lens ({type(bug).__name__}); the log tells more."
            detail = traceback.format_exc(limit=-8)
            self._fail(id, _INTERNAL_ERROR, {"code": "unsupported", "message": message, "detail": detail})
        finally:
            self._cancelled.discard(id)

    def _fail(self, id: Any, code: int, record: dict) -> None:
        self._send({"jsonrpc": "2.0", "id": id, "error": {"code": code, "message": record["message"], "data": record}})

    def _send(self, message: dict) -> None:
        rest = memoryview((_encode(message) + "\n").encode("ascii"))
        with self._lock:
            while rest:
                rest = rest[_write(self._out, rest) :]


def end_with_children() -> None:
    """Ends this process at once; where it leads its process group, all that the user's code started ends with it."""
    if hasattr(os, "killpg") and os.getpgrp() == os.getpid():
        os.killpg(os.getpid(), signal.SIGKILL)
    os._exit(0)
