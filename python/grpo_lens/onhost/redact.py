"""Takes secrets out of texts before they are written; the same rules as src/domain/secret.ts, held together by a test."""

import re

REDACTED = "***"

NAME = re.compile(
    r"(^|[_-])(token|secret|password|passwd|pwd|credential)s?($|[_-])"
    r"|(^|[_-])(api|access|secret|private|auth|account|hub)[_-]?keys?($|[_-])",
    re.IGNORECASE,
)
VARIABLE = re.compile(r"^[A-Z0-9_]+_KEY$")
HARMLESS = re.compile(
    r"(^|[_-])(num|max|min|eos|bos|pad|unk|special|add|new|mask|image|video|stop|sort|primary|foreign|public|dict|column"
    r"|data|prompt|reward|label|solution|answer|response|input|output|tokens?_per)[_-]"
    r"|(_|-)(keys?|tokens?)[_-](id|ids|len|length|count|level|mean|sum|limit|budget|file|path|name)|tokens$|keys$",
    re.IGNORECASE,
)
SHAPES = [
    re.compile(shape)
    for shape in (
        r"hf_[A-Za-z0-9]{20,}",
        r"sk-[A-Za-z0-9_-]{20,}",
        r"gh[pousr]_[A-Za-z0-9]{30,}",
        r"github_pat_[A-Za-z0-9_]{30,}",
        r"AKIA[0-9A-Z]{16}",
        r"xox[abpr]-[A-Za-z0-9-]{10,}",
        r"glpat-[A-Za-z0-9_-]{20,}",
        r"eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}",
        r"(?<![0-9a-fA-F])[0-9a-f]{40}(?![0-9a-fA-F])",
    )
]
PLACEHOLDER = re.compile(
    r"^$|^(x+|\*+|\.+|…|none|null|true|false|todo|changeme|change_me|your[ _-].*|my[ _-].*|<.*>|\[.*\]|\{\{.*\}\}"
    r"|dummy|test|empty|-?[0-9]+(\.[0-9]+)?)$|^\$[A-Za-z_{(]",
    re.IGNORECASE,
)
ASSIGNED = re.compile(
    r"""((?:^|[\s;&|("'{,])(?:export\s+|--)?["']?)([A-Za-z_][A-Za-z0-9_-]*)(["']?\s*[=:]\s*|\s+(?=[^-\s=:]))"""
    r"""("[^"\n]*"|'[^'\n]*'|[^\s;&|)"',}]+)"""
)
COMMIT = re.compile(r"(commit|revision|rev|sha1?|tree|parent|index|blob|@|\.\.)[\"']?[\s:=]*[\"']?$", re.IGNORECASE)


def redact(text, known=()):
    """The text with every secret in it replaced; `known` are values that are secret whatever they look like."""
    for value in sorted(known, key=len, reverse=True):
        if len(value) >= 4:
            text = text.replace(value, REDACTED)
    text = ASSIGNED.sub(without_value, text)
    for shape in SHAPES:
        text = shape.sub(lambda found: found[0] if is_commit(found) else REDACTED, text)
    return text


def without_value(found):
    lead, name, between, value = found.groups()
    if not is_secret_name(name) or (between.isspace() and not lead.endswith("--")):
        return found[0]
    bare = value[1:-1] if len(value) > 1 and value[0] in "\"'" and value[-1] == value[0] else value
    if bare == REDACTED or PLACEHOLDER.search(bare):
        return found[0]
    return lead + name + between + value.replace(bare, REDACTED, 1)


def is_secret_name(name):
    return bool(NAME.search(name) or VARIABLE.search(name)) and not HARMLESS.search(name)


def is_commit(found):
    return COMMIT.search(found.string[max(0, found.start() - 20) : found.start()]) is not None
