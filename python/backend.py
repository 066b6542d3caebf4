"""`pip install` of this folder, by the standard library alone (PEP 517 and 660): hosts without a network have no setuptools."""

from __future__ import annotations

import base64
import hashlib
import os
import zipfile
from typing import Any

VERSION = "0.1.0"
_HERE = os.path.dirname(os.path.abspath(__file__))
_INFO = f"grpo_lens-{VERSION}.dist-info"
_METADATA = f"""Metadata-Version: 2.1
Name: grpo-lens
Version: {VERSION}
Summary: show, score and watch GRPO training in a notebook; the Python side of the VS Code extension GRPO Lens
Requires-Python: >=3.9
"""
_WHEEL = "Wheel-Version: 1.0\nGenerator: grpo-lens\nRoot-Is-Purelib: true\nTag: py3-none-any\n"


def build_wheel(wheel_directory: str, config_settings: Any = None, metadata_directory: Any = None) -> str:
    """The package as it lies here."""
    return _wheel(wheel_directory, dict(_package()))


def build_editable(wheel_directory: str, config_settings: Any = None, metadata_directory: Any = None) -> str:
    """A path to this folder (`pip install -e`)."""
    return _wheel(wheel_directory, {"grpo_lens.pth": f"{_HERE}\n".encode()})


def _package() -> Any:
    for folder, folders, files in os.walk(os.path.join(_HERE, "grpo_lens")):
        folders[:] = sorted(name for name in folders if name != "__pycache__")
        for name in sorted(files):
            path = os.path.join(folder, name)
            with open(path, "rb") as file:
                yield os.path.relpath(path, _HERE).replace(os.sep, "/"), file.read()


def _wheel(folder: str, files: dict[str, bytes]) -> str:
    whole = {**files, f"{_INFO}/METADATA": _METADATA.encode(), f"{_INFO}/WHEEL": _WHEEL.encode()}
    lines = [f"{name},sha256={_hash(data)},{len(data)}\n" for name, data in whole.items()]
    whole[f"{_INFO}/RECORD"] = "".join([*lines, f"{_INFO}/RECORD,,\n"]).encode()
    wheel = f"grpo_lens-{VERSION}-py3-none-any.whl"
    with zipfile.ZipFile(os.path.join(folder, wheel), "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in whole.items():
            archive.writestr(name, data)
    return wheel


def _hash(data: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
