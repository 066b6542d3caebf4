"""What is said of a field: its help, its choices, and what a docstring lists."""

import re

LONGEST = 400


def told(known):
    if not isinstance(known, dict):
        return {}
    found = {}
    if isinstance(known.get("help"), str):
        found["doc"] = short(known["help"])
    if isinstance(known.get("choices"), list):
        found["choices"] = known["choices"]
    return found


def documented(text):
    """Parameters that a docstring lists as "name (`type`, …):" with indented lines below."""
    found = {}
    entry = re.compile(r"^( *)(\w+) ?\(.*\):[ \t]*(.*(?:\n\1[ \t]+\S.*)*)", re.MULTILINE)
    for match in entry.finditer(text):
        words = " ".join(match.group(3).split())
        if words:
            found.setdefault(match.group(2), short(words))
    return found


def short(text):
    """The first sentences."""
    text = " ".join(text.split())
    if len(text) <= LONGEST:
        return text
    end = text.rfind(". ", 0, LONGEST)
    return text[: end + 1] if end > 40 else text[: LONGEST - 1] + "…"
