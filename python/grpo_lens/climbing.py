"""Where a module is that only the search path keeps from being found: in a folder above the reward file."""

from __future__ import annotations

import glob
import os

_LEVELS = 5
_ENDS = (".git", "pyproject.toml", "setup.py")


def folder_with(root: str, top: str) -> str | None:
    """The nearest folder above `root` that holds the module `top`, no further than the project's own; None: there is none."""
    folder = root
    for _ in range(_LEVELS):
        if _is_end(folder):
            return None
        folder = os.path.dirname(folder)
        if folder in (os.path.expanduser("~"), os.path.dirname(folder)):
            return None
        for place in (folder, os.path.join(folder, "src")):
            if _holds(place, top):
                return place
    return None


def _is_end(folder: str) -> bool:
    return any(os.path.exists(os.path.join(folder, name)) for name in _ENDS)


def _holds(folder: str, top: str) -> bool:
    module = os.path.join(folder, top)
    if os.path.isfile(f"{module}.py") or os.path.isfile(os.path.join(module, "__init__.py")):
        return True
    return any(glob.iglob(os.path.join(glob.escape(module), "*.py")))
