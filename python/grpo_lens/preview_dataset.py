"""What a recipe makes of the first entries: `preview_dataset.py JSON`, answered with one line of JSON.

Asked: `recipe` (its text), `root`, `count`, `most` (bytes of one picture). Told: `records`, `left`, `fields`, `root`,
`pictures`, or a `problem`.
"""

from __future__ import annotations

import json
import sys
from typing import Any

from grpo_lens.choring import Refused
from grpo_lens.preparing.preview import pictures, preview, shortened
from grpo_lens.preparing.recipe import recipe_of


def answer(asked: dict[str, Any]) -> dict[str, Any]:
    try:
        recipe = recipe_of(asked["recipe"])
        root = asked["root"] or recipe.get("data_root")
        if not root:
            raise Refused("The folder that holds the annotations is not named yet.")
        told = preview(recipe, root, asked["count"])
        shown = pictures(told["records"], told["root"], asked["most"])
        return {**told, "records": shortened(told["records"]), "pictures": shown}
    except Refused as error:
        return {"problem": str(error)}
    except OSError as error:
        return {"problem": f"{error}."}


if __name__ == "__main__":
    sys.stdout.buffer.write(b"\n" + json.dumps(answer(json.loads(sys.argv[1]))).encode() + b"\n")
