"""Samples as columns of one length: `prompt`, `completion`, and those of the data set by their own names."""

from __future__ import annotations

from typing import Any

from .problem import Problem

_TRUTHS = ("ground_truth", "solution", "answer", "label", "target")


class Rows:
    def __init__(self, columns: dict[str, list], conversational: bool = False) -> None:
        self.columns = columns
        self._conversational = conversational
        lengths = {name: len(values) for name, values in columns.items()}
        self.size = next(iter(lengths.values()), 0)
        if len(set(lengths.values())) > 1:
            raise Problem("bad-input", f"The columns of the samples differ in length: {lengths}.")

    def get(self, name: str) -> list | None:
        return self.columns.get(name)

    def pick(self, rows: list[int]) -> Rows:
        picked = {name: [values[row] for row in rows] for name, values in self.columns.items()}
        return Rows(picked, self._conversational)

    def with_text(self, text: str) -> Rows:
        """The same single row with another completion."""
        return Rows({**self.columns, "completion": [text]}, self._conversational)

    @property
    def conversational(self) -> bool:
        prompts = self.columns.get("prompt")
        return self._conversational or bool(prompts) and isinstance(prompts[0], list)

    @property
    def prompts(self) -> list:
        """As the data set holds them: lists of messages, or texts."""
        prompts = list(self.columns.get("prompt") or [""] * self.size)
        if not self.conversational:
            return prompts
        return [[{"role": "user", "content": p}] if isinstance(p, str) else p for p in prompts]

    @property
    def texts(self) -> list[str]:
        """What the model wrote, as plain text also where the record holds messages."""
        return [_text(completion) for completion in self.columns.get("completion", [])]

    @property
    def truths(self) -> list[Any]:
        """What the answer should have been, under whichever of the usual names it stands."""
        marks = self.columns.get("reward_model")
        if marks and all(isinstance(mark, dict) and "ground_truth" in mark for mark in marks):
            return [mark["ground_truth"] for mark in marks]
        for name in _TRUTHS:
            if name in self.columns:
                return self.columns[name]
        raise Problem("missing", "The samples hold no true answer: none of the columns " + ", ".join(_TRUTHS) + ".")

    def besides(self, *names: str) -> dict[str, list]:
        """Every column but these."""
        return {name: values for name, values in self.columns.items() if name not in names}


def _text(completion: Any) -> str:
    """Of a text, of messages, or of the parts of one."""
    if isinstance(completion, str):
        return completion
    if isinstance(completion, list):
        return "".join(
            _text(part.get("content", part.get("text", ""))) for part in completion if isinstance(part, dict)
        )
    return "" if completion is None else str(completion)
