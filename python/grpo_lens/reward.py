"""A reward as it was found in a text, without importing it."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Reward:
    name: str
    line: int
    kind: str
    """`function` or `class`."""
    call: str
    """Id of the framework in whose way it is called."""
    is_async: bool = False
    needs: tuple[str, ...] = ()
    """Parameters without a default, beyond those that the framework always gives."""
    takes_any: bool = False
    registered: tuple[str, ...] = field(default=())
    """Names under which the file registers it, such as those given to `--reward_funcs`."""
    shape: str = "batch"
    """`batch`: one call for many samples. `single`: one call for each."""

    def record(self) -> dict:
        return {
            "name": self.name,
            "line": self.line,
            "kind": self.kind,
            "call": self.call,
            "async": self.is_async,
            "needs": list(self.needs),
            "takesAny": self.takes_any,
            "registered": list(self.registered),
            "shape": self.shape,
        }
