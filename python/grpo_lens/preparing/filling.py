"""Texts of a recipe, filled with what an entry holds."""

from __future__ import annotations

import json
import re
from typing import Any

from grpo_lens.preparing.entries import reach
from grpo_lens.preparing.forms import Left

FIELD = re.compile(r"\{\{|\}\}|\{([^{}]*)\}")


def text_of(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def filled(template: str, entry: dict[str, Any]) -> str:
    """The template with the entry's fields. Errors: Left, where one is missing."""

    def field(match: re.Match[str]) -> str:
        if match[1] is None:
            return match[0][0]
        value = reach(entry, match[1].strip())
        if value is None:
            raise Left(f"it has no field “{match[1].strip()}”")
        return text_of(value)

    return FIELD.sub(field, template)


def chosen(entry: dict[str, Any], choices: dict[str, Any]) -> dict[str, Any]:
    """The entry with the texts that are looked up by another field."""
    more = {}
    for name, choice in choices.items():
        key = reach(entry, choice["by"])
        found = choice["of"].get(text_of(key), choice.get("otherwise"))
        if found is None:
            raise Left(f"“{choice['by']}” is {text_of(key)}, which “{name}” does not list")
        more[name] = found
    return {**entry, **more}


def column(value: Any, entry: dict[str, Any]) -> Any:
    whole = FIELD.fullmatch(value) if isinstance(value, str) else None
    if whole and whole[1]:
        found = reach(entry, whole[1].strip())
        if found is None:
            raise Left(f"it has no field “{whole[1].strip()}”")
        return found
    return filled(value, entry) if isinstance(value, str) else value
