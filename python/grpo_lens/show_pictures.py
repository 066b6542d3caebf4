"""Pictures of this machine for a page elsewhere: `show_pictures.py JSON`, answered with one line of JSON.

Asked: `paths`, `most` (bytes of one that comes as it is). Told, by path: `data` in base 64, or `why` it is not shown.
"""

from __future__ import annotations

import json
import sys

from grpo_lens.preparing.pictures import picture

if __name__ == "__main__":
    asked = json.loads(sys.argv[1])
    told = {path: picture(path, asked["most"]) for path in asked["paths"]}
    sys.stdout.buffer.write(b"\n" + json.dumps(told).encode() + b"\n")
