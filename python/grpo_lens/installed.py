"""What the frameworks that this interpreter would import accept, read from their sources without importing them.

It also runs on hosts, from standard input, with its modules in one text. `python - WISHES` prints, for each wish
`{"package", "distribution", "roots", "texts", "paths"}`, where the package lies, its version, the fields of the
dataclasses `roots` (`module:Class`, each a list of places that versions had) and the files `texts`.
"""

import grpo_lens.sources.standard  # noqa: F401, I001
import json
import os
import sys

from grpo_lens.sources.fields import Fields, flattened
from grpo_lens.sources.packages import Installed
from grpo_lens.sources.version import version_of


def read(wish):
    """The answer to one wish; None where the package is not there or is not the one that is meant."""
    installed = Installed(wish.get("paths", []))
    folder = installed.folder(wish["package"])
    if folder is None:
        return None
    fields = Fields(installed)
    found = {}
    for places in wish.get("roots", []):
        classes = (installed.find(*place.split(":")) for place in places)
        known = next((one for one in classes if one), None)
        if known is None:
            fields.lost.add(places[0])
        else:
            for field in flattened(fields, fields.of(*known)):
                found.setdefault(field["path"], {**field, "dataclass": places[0].split(":")[1]})
    texts = {path: text for path in wish.get("texts", []) if (text := text_of(os.path.join(folder, path))) is not None}
    if not found and not texts:
        return None
    return {
        "folder": folder,
        "version": version_of(wish, folder),
        "parameters": list(found.values()),
        "lost": sorted(fields.lost),
        "texts": texts,
    }


def text_of(path):
    try:
        with open(path, encoding="utf-8") as file:
            return file.read(1 << 20)
    except (OSError, ValueError):
        return None


def main(wishes):
    print(json.dumps({"python": sys.executable, "found": [read(wish) for wish in json.loads(wishes)]}))


if __name__ == "__main__":
    main(sys.argv[1])
