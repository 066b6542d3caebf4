"""What the world may say no to; the same record as the editor's `Problem`."""

from __future__ import annotations


class Problem(Exception):
    """One plain sentence for the user: what, where, what to do. `code` and `remedy` are words of the wire."""

    def __init__(self, code: str, message: str, detail: str | None = None, remedy: str | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.detail = detail
        self.remedy = remedy

    def record(self) -> dict[str, str]:
        full = {"code": self.code, "message": str(self), "detail": self.detail, "remedy": self.remedy}
        return {key: value for key, value in full.items() if value is not None}
