"""What a trainer leaves behind: log lines, a progress bar, completions, checkpoints, `trainer_state.json`."""

from __future__ import annotations

import json
import math
import os
import sys
import time


def write_json(path: str, value: object) -> None:
    """Whole or not at all."""
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path + ".new", "w", encoding="utf-8") as file:
        json.dump(plain(value), file, ensure_ascii=False)
    os.replace(path + ".new", path)


def plain(value: object) -> object:
    """JSON has no NaN: null stands for it."""
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, dict):
        return {key: plain(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(inner) for inner in value]
    return value


def write_completions(folder: str, step: int, columns: dict[str, list]) -> None:
    """`completions/completions_00001.jsonl`: the columns of TRL's Parquet files, one record a line."""
    path = os.path.join(folder, "completions", f"completions_{step:05d}.jsonl")
    os.makedirs(os.path.dirname(path), exist_ok=True)
    names = list(columns)
    with open(path + ".new", "w", encoding="utf-8") as file:
        for values in zip(*columns.values()):
            file.write(json.dumps(plain(dict(zip(names, values))), ensure_ascii=False) + "\n")
    os.replace(path + ".new", path)


def log_line(metrics: dict[str, float]) -> str:
    """As transformers 5 prints it: a dictionary with quoted numbers of four digits."""
    return str({name: f"{value:.4g}" for name, value in metrics.items()})


class Bar:
    """tqdm's bar on standard error, drawn again after every step."""

    def __init__(self, steps: int, done: int):
        self.steps = steps
        self.first = done
        self.start = time.monotonic()

    def draw(self, step: int) -> None:
        took = time.monotonic() - self.start
        each = took / max(1, step - self.first)
        share = step / self.steps
        bar = "█" * int(share * 10)
        left = clock(each * (self.steps - step))
        text = f"\r{share * 100:3.0f}%|{bar:<10}| {step}/{self.steps} [{clock(took)}<{left}, {each:5.2f}s/it]"
        sys.stderr.write(text)
        sys.stderr.flush()


def clock(seconds: float) -> str:
    return f"{int(seconds) // 60:02d}:{int(seconds) % 60:02d}"
