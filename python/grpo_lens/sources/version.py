"""The version of a package."""

import os
import re
from importlib import metadata


def version_of(wish, folder):
    """By the metadata that lies beside the package, else by its own `__version__`."""
    beside = os.path.dirname(folder)
    for found in metadata.distributions(name=wish["distribution"], path=[beside]):
        return found.version
    try:
        found = metadata.distribution(wish["distribution"])
        if found.read_text("direct_url.json"):
            return found.version
    except (metadata.PackageNotFoundError, OSError, ValueError):
        pass
    for name in ("version.py", "_version.py", "__init__.py"):
        path = os.path.join(folder, name)
        if os.path.isfile(path):
            with open(path, encoding="utf-8", errors="replace") as file:
                said = re.search(
                    r"^(?:__version__|VERSION)\s*(?::\s*\w+\s*)?=\s*[\"']([\w.+-]+)[\"']", file.read(), re.MULTILINE
                )
            if said:
                return said.group(1)
    for path in (
        os.path.join(folder, "version", "version"),
        os.path.join(folder, "VERSION"),
        os.path.join(folder, "..", "VERSION"),
    ):
        if os.path.isfile(path):
            with open(path, encoding="utf-8", errors="replace") as file:
                return file.read().strip()[:40]
    return None
