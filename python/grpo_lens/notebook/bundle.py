"""An output that draws itself: ours for GRPO Lens, HTML for Jupyter and GitHub, plain text for all else."""

from __future__ import annotations

from typing import Any

VERSION = 1
COMPLETIONS = "application/vnd.grpo-lens.completions+json"
REWARDS = "application/vnd.grpo-lens.rewards+json"
RUN = "application/vnd.grpo-lens.run+json"


class Output:
    """What `show`, `score` and `watch` give back; a cell that ends with it shows it."""

    def __init__(self, mime: str, data: dict, html: str, plain: str) -> None:
        self.mime = mime
        self.data = {"version": VERSION, **data}
        self._html = html
        self._plain = plain

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict:
        bundle = {self.mime: self.data, "text/html": self._html, "text/plain": self._plain}
        kept = {mime: data for mime, data in bundle.items() if not include or mime in include}
        return {mime: data for mime, data in kept.items() if not exclude or mime not in exclude}

    def _repr_html_(self) -> str:
        return self._html

    def __repr__(self) -> str:
        return self._plain
