"""A bounded, honest part of many samples: whole groups, spread evenly, with what holds for all of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..scores import Contract
from ..scores import score as to_score
from .spread import spread
from .table import BadInput

MOST_ROWS = 256
MOST_TEXT = 4_000
MOST_ALL = 600_000
_LEAST_TEXT = 200


@dataclass(frozen=True)
class Samples:
    """All samples, before any is chosen; lists are of one length."""

    texts: list[str]
    prompts: list[str] | None
    scores: dict[str, list]
    """JSON scores by reward."""
    groups: list[int] | None
    steps: list | None
    advantages: list | None
    origins: list[int] | None = None
    """Each row's row in the source, where that is another."""

    def output(self, limit: int = MOST_ROWS) -> dict:
        """`samples` of the output. At most `limit` rows (whole groups where one fits) and about 600,000 characters."""
        rows = self._chosen(limit)
        most = max(_LEAST_TEXT, min(MOST_TEXT, MOST_ALL // max(1, 2 * len(rows))))
        prompts, at = _distinct([self.prompts[row] for row in rows] if self.prompts else [])
        return {
            "total": len(self.texts),
            "shown": self._words(rows, most),
            "rewards": list(self.scores),
            "distributions": [spread(name, scores) for name, scores in self.scores.items()],
            "groups": self._groups(),
            "prompts": [{"text": text[:most], "length": len(text)} for text in prompts],
            "rows": [self._row(row, at.get(self.prompts[row]) if self.prompts else None, most) for row in rows],
        }

    def _row(self, row: int, prompt: int | None, most: int) -> dict:
        origin = {} if self.origins is None else {"origin": self.origins[row]}
        return {
            "row": row,
            **origin,
            "step": self.steps[row] if self.steps else None,
            "group": self.groups[row] if self.groups else None,
            "prompt": prompt,
            "text": self.texts[row][:most],
            "length": len(self.texts[row]),
            "scores": [scores[row] for scores in self.scores.values()],
            "advantage": self.advantages[row] if self.advantages else "unknown",
        }

    def _chosen(self, limit: int) -> list[int]:
        size = len(self.texts)
        if size <= limit:
            return list(range(size))
        members = self._members()
        largest = max(map(len, members.values()), default=1)
        if not members or largest > limit:
            return _even(size, limit)
        kept = set(_even(len(members), max(1, limit // largest)))
        return sorted(row for at, rows in enumerate(members.values()) if at in kept for row in rows)

    def _members(self) -> dict[int, list[int]]:
        members: dict[int, list[int]] = {}
        for row, group in enumerate(self.groups or []):
            members.setdefault(group, []).append(row)
        return members

    def _groups(self) -> dict | None:
        members = self._members()
        if not members:
            return None
        dull = sum(all(len({s[row] for row in rows}) == 1 for s in self.scores.values()) for rows in members.values())
        return {"total": len(members), "withoutSignal": dull if self.scores else 0}

    def _words(self, rows: list[int], most: int) -> str:
        size = len(self.texts)
        which = f"all {size:,}" if len(rows) == size else f"{len(rows):,} of {size:,}, spread evenly"
        if self.groups and len(rows) < size:
            which += f" over {len(set(self.groups)):,} groups"
        cut = any(len(self.texts[row]) > most for row in rows)
        return which + (f"; texts cut at {most:,} characters" if cut else "")


def json_scores(name: str, values: list, size: int) -> list:
    """Scores as JSON holds them. Errors: `BadInput` for another length or for what is no number."""
    if len(values) != size:
        raise BadInput(f'"{name}" has {len(values)} rewards for {size} completions.')
    scores = []
    for row, value in enumerate(values):
        if isinstance(value, str) and value in ("none", "nan", "error", "unknown", "withheld", "inf", "-inf"):
            scores.append(value)
            continue
        try:
            scores.append(to_score(value, None))
        except Contract as error:
            raise BadInput(f'"{name}", row {row}: {error}.') from None
    return scores


def _even(size: int, count: int) -> list[int]:
    """`count` places among `size`, the first and the last among them."""
    if count == 1:
        return [0]
    return sorted({round(at * (size - 1) / (count - 1)) for at in range(min(size, count))})


def _distinct(texts: list[str]) -> tuple[list[str], dict[str, Any]]:
    at = {text: place for place, text in enumerate(dict.fromkeys(texts))}
    return list(at), at
