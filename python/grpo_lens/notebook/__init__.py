"""What a notebook may ask for; each answer draws itself, as our own output, as HTML and as plain text."""

from __future__ import annotations

from .run import watch
from .scoring import score
from .showing import show

__all__ = ["score", "show", "watch"]
