"""A recipe: its keys, and what is wrong with one."""

from __future__ import annotations

import json
from typing import Any

from grpo_lens.choring import Refused
from grpo_lens.preparing.forms import WRITERS

PART_KEYS = {"read", "each", "where", "prompt", "system", "solution", "images", "videos", "columns", "choices"}
RECIPE_KEYS = {"form", "name", "data_root", "parts", "write", "output", "hold_out", "paths", "comment"}


def recipe_of(text: str) -> dict[str, Any]:
    """Errors: Refused, with the key, where the recipe is wrong."""
    try:
        recipe = json.loads(text)
    except ValueError as error:
        raise Refused(f"The recipe is no JSON: {error}.") from None
    if not isinstance(recipe, dict) or not isinstance(recipe.get("parts"), list) or not recipe["parts"]:
        raise Refused("The recipe has no “parts”: a list, one for each kind of annotation.")
    strange = sorted(set(recipe) - RECIPE_KEYS)
    for number, part in enumerate(recipe["parts"], 1):
        if not isinstance(part, dict):
            raise Refused(f"Part {number} of the recipe is no object.")
        strange += [f"parts[{number}].{key}" for key in sorted(set(part) - PART_KEYS)]
        for key in ("read", "prompt"):
            if not isinstance(part.get(key), str) or not part[key]:
                raise Refused(f"Part {number} of the recipe lacks “{key}”.")
        for name, choice in (part.get("choices") or {}).items():
            if not isinstance(choice, dict) or not {"by", "of"} <= set(choice) or not isinstance(choice["of"], dict):
                why = "“by”, a field, and “of”, what is written for each of its values"
                raise Refused(f"Part {number} of the recipe: “choices” of {name} needs {why}.")
    if strange:
        raise Refused(f"The recipe knows no {', '.join(strange)}.")
    if recipe.get("write", "messages") not in WRITERS:
        raise Refused(f"“write” is one of {', '.join(WRITERS)}.")
    hold = recipe.get("hold_out")
    if hold is not None and not is_hold_out(hold):
        raise Refused("“hold_out” needs “output”, a file’s name, and “every”, a whole number of at least 2.")
    return recipe


def is_hold_out(value: Any) -> bool:
    if not isinstance(value, dict):
        return False
    output, every = value.get("output"), value.get("every")
    return isinstance(output, str) and bool(output) and isinstance(every, int) and every > 1
