"""The Python side of GRPO Lens: finds, loads and runs reward functions in the user's own interpreter.

In a notebook: `show(completions, rewards)`, `score(reward, samples)` and `watch(folder)`; nothing has to be installed.
"""

from __future__ import annotations

from typing import Any

_IN_NOTEBOOKS = ("show", "score", "watch")


def __getattr__(name: str) -> Any:
    """The notebook's part is loaded only when it is asked for: the process that runs rewards does without."""
    if name in _IN_NOTEBOOKS:
        from . import notebook

        return getattr(notebook, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def load_ipython_extension(ipython: Any) -> None:
    """`%load_ext grpo_lens` gives `%%reward` to any kernel of IPython."""
    from .notebook.magic import register

    register(ipython)
