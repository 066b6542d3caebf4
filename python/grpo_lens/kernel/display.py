"""Any value as a bundle of MIME types, by the methods that Jupyter's own displays use."""

from __future__ import annotations

import base64
import io
import sys
from typing import Any

MOST = 4_000_000
"""Most characters of one MIME type of one output; what is larger is left out and said."""
_PLAIN = 100_000

_METHODS = {
    "text/html": "_repr_html_",
    "text/markdown": "_repr_markdown_",
    "image/svg+xml": "_repr_svg_",
    "image/png": "_repr_png_",
    "image/jpeg": "_repr_jpeg_",
    "text/latex": "_repr_latex_",
    "application/json": "_repr_json_",
}


def bundle_of(value: Any) -> dict[str, Any]:
    """MIME types with their data: text, JSON, or base64 for pictures. Never raises what a display method raises."""
    bundle = dict(_from(value, "_repr_mimebundle_") or {})
    for mime, method in _METHODS.items():
        data = None if mime in bundle else _from(value, method)
        if data is not None:
            bundle[mime] = data
    bundle.setdefault("text/plain", _plain(value))
    return _bounded({mime: _coded(data) for mime, data in bundle.items()})


def figures() -> list[dict[str, Any]]:
    """Open figures of matplotlib, where the cell used it, as pictures; they are closed."""
    pyplot = sys.modules.get("matplotlib.pyplot")
    drawn = []
    for number in pyplot.get_fignums() if pyplot else []:
        figure, picture = pyplot.figure(number), io.BytesIO()
        figure.savefig(picture, format="png", bbox_inches="tight")
        drawn.append({"image/png": _coded(picture.getvalue()), "text/plain": repr(figure)})
        pyplot.close(figure)
    return drawn


def _from(value: Any, method: str) -> Any:
    if isinstance(value, type):
        return None
    try:
        given = getattr(value, method, None)
        told = given() if callable(given) else None
    except Exception:
        return None
    return told[0] if isinstance(told, tuple) else told


def _plain(value: Any) -> str:
    try:
        text = repr(value)
    except Exception as error:
        return f"<{type(value).__name__} whose repr raised {type(error).__name__}>"
    if len(text) <= _PLAIN:
        return text
    return text[:_PLAIN] + f"… ({len(text) - _PLAIN:,} more characters)"


def _coded(data: Any) -> Any:
    return base64.b64encode(data).decode("ascii") if isinstance(data, (bytes, bytearray)) else data


def _bounded(bundle: dict[str, Any]) -> dict[str, Any]:
    large = [mime for mime, data in bundle.items() if isinstance(data, str) and len(data) > MOST]
    kept = {mime: data for mime, data in bundle.items() if mime not in large}
    if large:
        sizes = ", ".join(f"{mime} of {len(bundle[mime]):,} characters" for mime in large)
        kept["text/plain"] = f"{kept.get('text/plain', '')}\n({sizes} was left out: too large for a notebook)".lstrip()
    return kept
