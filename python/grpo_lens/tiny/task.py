"""The task: count what stands in a scene. The policy has to list the items, then say how many there were."""

from __future__ import annotations

import json
import random

SIZES = ("small", "large")
COLOURS = ("red", "green", "blue", "yellow", "cyan", "purple")
SHAPES = ("cube", "sphere", "cylinder")
MOST = 6
ASKED = "How many items are there? Think in <think> </think> and answer in <answer> </answer>."


class Example:
    """One record of the data set: its items, and the columns that rewards are given."""

    def __init__(self, items: list[str]):
        self.items = items
        self.prompt = f"Scene: {', '.join(items)}. {ASKED}"
        self.solution = f"<answer> {len(items)} </answer>"

    def record(self) -> dict:
        return {"prompt": self.prompt, "solution": self.solution}


def examples(count: int, seed: int) -> list[Example]:
    """So many scenes, the same for the same seed."""
    draw = random.Random(seed)

    def item() -> str:
        return f"{draw.choice(SIZES)} {draw.choice(COLOURS)} {draw.choice(SHAPES)}"

    return [Example([item() for _ in range(1 + index % MOST)]) for index in range(count)]


def write_dataset(path: str, records: list[Example]) -> None:
    with open(path, "w", encoding="utf-8") as file:
        for record in records:
            file.write(json.dumps(record.record(), ensure_ascii=False) + "\n")
