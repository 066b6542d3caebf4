"""What the tests of the Python side share: our package on the path, and a scratch folder of files."""

from __future__ import annotations

import atexit
import os
import shutil
import sys
import tempfile
import textwrap

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "..", "python"))


def recording(name: str) -> str:
    """The text of a reward that several layers test with."""
    path = os.path.join(os.path.dirname(__file__), "..", "recordings", "rewards", name)
    with open(path, encoding="utf-8") as file:
        return file.read()


def folder(files: dict[str, str]) -> str:
    """A new folder that holds these files, until the tests end."""
    root = tempfile.mkdtemp(prefix="grpo-lens-test-")
    atexit.register(shutil.rmtree, root, ignore_errors=True)
    for name, text in files.items():
        path = os.path.join(root, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            file.write(textwrap.dedent(text))
    return root
