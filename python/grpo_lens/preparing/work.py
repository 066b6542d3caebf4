"""One run of a recipe: entries become records, or are left out with the reason."""

from __future__ import annotations

import os
from typing import Any, Iterator

from grpo_lens.choring import Refused
from grpo_lens.preparing.entries import annotations, entries, reach
from grpo_lens.preparing.filling import chosen, column, filled, text_of
from grpo_lens.preparing.forms import WRITERS, Left
from grpo_lens.preparing.media import media


def made(part: dict[str, Any], entry: dict[str, Any], around: tuple[str, str]) -> dict[str, Any]:
    """What the writers take: prompt, system, solution, images, videos, columns. Errors: Left."""
    for name, allowed in (part.get("where") or {}).items():
        if text_of(reach(entry, name)) not in [
            text_of(one) for one in (allowed if isinstance(allowed, list) else [allowed])
        ]:
            raise Left(f"“{name}” is not asked for")
    entry = chosen(entry, part.get("choices") or {})
    images = media(entry, part.get("images"), around, True)
    videos = media(entry, part.get("videos"), around, False)
    prompt = filled(part["prompt"], entry)
    if not prompt.strip():
        raise Left("its prompt is empty")
    for tag, many in (("<image>", images), ("<video>", videos)):
        have = prompt.count(tag)
        if have and have != len(many):
            raise Left(f"its prompt has {have} {tag}, but there are {len(many)} files")
        if not have:
            prompt = tag * len(many) + prompt
    return {
        "prompt": prompt,
        "system": filled(part["system"], entry) if part.get("system") else None,
        "solution": filled(part["solution"], entry) if part.get("solution") else None,
        "images": images,
        "videos": videos,
        "columns": {name: column(value, entry) for name, value in (part.get("columns") or {}).items()},
    }


class Work:
    """One run of a recipe: what was made, and what was left out and why."""

    def __init__(self, recipe: dict[str, Any], root: str) -> None:
        self.recipe, self.root = recipe, os.path.realpath(os.path.expanduser(root))
        self.write = WRITERS[recipe.get("write", "messages")]
        self.relative = recipe.get("paths") == "relative"
        self.count = 0
        self.left: dict[str, list[Any]] = {}
        self.fields: list[str] = []
        if not os.path.isdir(self.root):
            raise Refused(f"{root} is no folder.")

    def records(self, most_each: int | None = None) -> Iterator[dict[str, Any]]:
        for part in self.recipe["parts"]:
            seen = 0
            for record in self.of_part(part):
                yield record
                seen += 1
                if most_each is not None and seen >= most_each:
                    break

    def of_part(self, part: dict[str, Any]) -> Iterator[dict[str, Any]]:
        for path, below in annotations(self.root, part):
            around = (self.root, os.path.dirname(path))
            known = {"folder": below.split(os.sep)[0], "file": os.path.splitext(os.path.basename(path))[0]}
            for place, entry in entries(path, part.get("each") or ""):
                self.fields = self.fields or sorted({**known, **entry})
                try:
                    yield self.one(part, {**known, **entry}, around)
                except Left as why:
                    seen = self.left.setdefault(str(why), [0, place])
                    seen[0] += 1

    def one(self, part: dict[str, Any], entry: dict[str, Any], around: tuple[str, str]) -> dict[str, Any]:
        found = made(part, entry, around)
        if self.relative:
            for key in ("images", "videos"):
                found[key] = [os.path.relpath(path, self.root) for path in found[key]]
        record = self.write(found, self.count)
        self.count += 1
        return record

    def told(self) -> list[dict[str, Any]]:
        return [{"why": why, "count": count, "place": place} for why, (count, place) in self.left.items()]
