"""The same facts as HTML and as plain text, for readers that do not know our output; both small and without script."""

from __future__ import annotations

from html import escape
from typing import Any, Iterable

_ROWS = 8
_TEXT = 300


def short(score: Any) -> str:
    """Four significant digits; words as they are."""
    return score if isinstance(score, str) else f"{score:.4g}"


def spread_words(told: dict) -> str:
    """`mean 0.5 · -1: 3 · 1: 9 · error: 2 · 14 samples`"""
    parts = [f"mean {short(told['mean'])}"] if "mean" in told else []
    if "values" in told:
        parts += [f"{short(item['value'])}: {item['count']}" for item in told["values"]]
    elif "mean" in told:
        parts.append(f"{short(told['least'])} to {short(told['greatest'])}")
    parts += [f"{item['word']}: {item['count']}" for item in told["words"]]
    return " · ".join([*parts, f"{told['samples']:,} samples"])


def group_words(samples: dict) -> str:
    groups = samples["groups"]
    if groups is None:
        return "groups unknown"
    return f"{groups['total']:,} groups, {groups['withoutSignal']:,} in which no reward differs"


def plain(title: str, samples: dict, notes: Iterable[str] = ()) -> str:
    lines = [f"{title}: {samples['total']:,} completions, {group_words(samples)}"]
    lines += [f"  {told['reward']}: {spread_words(told)}" for told in samples["distributions"]]
    lines += [f"  {note}" for note in notes]
    for row in samples["rows"][:_ROWS]:
        scores = " ".join(f"{name}={short(score)}" for name, score in zip(samples["rewards"], row["scores"]))
        lines.append(f"  [{row['row']}] {scores} {_cut(row['text'], 100)!r}")
    return "\n".join([*lines, f"  ({_which(samples)})"])


def html(title: str, samples: dict, notes: Iterable[str] = ()) -> str:
    spreads = "".join(
        f"<tr><th>{escape(told['reward'])}</th><td>{escape(spread_words(told))}</td></tr>"
        for told in samples["distributions"]
    )
    said = "".join(f"<p>{escape(note)}</p>" for note in notes)
    head = "".join(f"<th>{escape(name)}</th>" for name in ["row", "group", *samples["rewards"], "completion"])
    rows = "".join(map(_row, samples["rows"][:_ROWS]))
    return (
        f"<div><p><b>{escape(title)}</b>: {samples['total']:,} completions, {escape(group_words(samples))}</p>{said}"
        f"<table>{spreads}</table><table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
        f"<p>{escape(_which(samples))}</p></div>"
    )


def _row(row: dict) -> str:
    group = "unknown" if row["group"] is None else str(row["group"])
    cells = [str(row["row"]), group, *map(short, row["scores"])]
    text = escape(_cut(row["text"], _TEXT)).replace("\n", "<br>")
    return f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in cells)}<td>{text}</td></tr>"


def _which(samples: dict) -> str:
    shown = min(_ROWS, len(samples["rows"]))
    return f"The first {shown} of the kept completions; kept: {samples['shown']}. GRPO Lens shows all that are kept."


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[:most] + f"… ({len(text) - most:,} more characters)"
