"""Measures answers against their truths: `evaluate.py completions.jsonl`. One file, so that it can be handed to any host.

Exact match and F1 are those of question answering: lower case, no punctuation, no articles, words counted. A sample
without a truth is counted apart, never as 0.
"""

from __future__ import annotations

import argparse
import collections
import json
import re
import string
import sys
from typing import Any

ANSWER = re.compile(r"<answer>(.*?)</answer>", re.DOTALL)
FORMAT = re.compile(r"\s*<think>.*?</think>\s*<answer>.*?</answer>\s*", re.DOTALL)
ARTICLES = re.compile(r"\b(a|an|the)\b")
PUNCTUATION = str.maketrans(dict.fromkeys(string.punctuation, " "))
TRUTHS = ("solution", "answer", "ground_truth", "gts")
TEXTS = ("completion", "response", "output", "prediction")
CLOSED = {"yes", "no"}


def words(text: str) -> list[str]:
    return ARTICLES.sub(" ", text.lower().translate(PUNCTUATION)).split()


def inner(text: str) -> str:
    found = ANSWER.findall(text)
    return found[-1] if found else text


def f1(given: list[str], truth: list[str]) -> float:
    shared = sum((collections.Counter(given) & collections.Counter(truth)).values())
    if not shared:
        return float(given == truth)
    return 2 * shared / (len(given) + len(truth))


def text_of(value: Any) -> str | None:
    """Of a text, a number, messages, or the parts of a message; None of nothing, and of any other list."""
    if isinstance(value, list):
        parts = [part.get("content", part.get("text")) for part in value if isinstance(part, dict)]
        return "".join(text_of(part) or "" for part in parts) if parts else None
    return value if isinstance(value, str) else None if value is None else str(value)


def first(record: dict[str, Any], names: tuple[str, ...]) -> str | None:
    return next((text_of(record[name]) for name in names if record.get(name) is not None), None)


def measure(records: list[dict[str, Any]]) -> dict[str, Any]:
    """Means over the records that have an answer and a truth; `closed`: those whose truth is yes or no."""
    rows, left = [], 0
    for record in records:
        text, truth = first(record, TEXTS), first(record, TRUTHS)
        if text is None or truth is None:
            left += 1
            continue
        given, wanted = words(inner(text)), words(inner(truth))
        row = {"exact": float(given == wanted), "f1": f1(given, wanted), "format": float(bool(FORMAT.fullmatch(text)))}
        rows.append(({*wanted} <= CLOSED and len(wanted) == 1, row))
    groups = {
        "all": [row for _, row in rows],
        "closed": [row for closed, row in rows if closed],
        "open": [row for closed, row in rows if not closed],
    }
    return {"samples": len(rows), "left_out": left, **{name: means(group) for name, group in groups.items()}}


def means(rows: list[dict[str, float]]) -> dict[str, Any]:
    names = ("exact", "f1", "format")
    return {"count": len(rows), **{name: mean([row[name] for row in rows]) for name in names}}


def mean(values: list[float]) -> float | None:
    return sum(values) / len(values) if values else None


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="evaluate", description="Exact match, F1 and format of completions.")
    parser.add_argument("samples", help="JSONL of completions with their solutions")
    asked = parser.parse_args(arguments)
    try:
        with open(asked.samples, encoding="utf-8-sig") as file:
            records = [record_of(line, number) for number, line in enumerate(file, 1) if line.strip()]
    except (OSError, ValueError) as error:
        print(f"evaluate: {asked.samples} cannot be read: {error}.", file=sys.stderr)
        return 2
    print(json.dumps(measure(records), indent=1))
    return 0


def record_of(line: str, number: int) -> dict[str, Any]:
    try:
        record = json.loads(line)
    except ValueError as error:
        raise ValueError(f"line {number}: {error}") from None
    if not isinstance(record, dict):
        raise ValueError(f"line {number} is no JSON object")
    return record


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
