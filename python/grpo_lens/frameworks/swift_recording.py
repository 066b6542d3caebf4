"""What ms-swift tells a reward of prompts and groups in ways of its own, as columns of the record (docs/record-format.md).

A plugin that wraps its rewards by hand takes `record` from here:

    from grpo_lens.frameworks.swift_recording import record
    orms["accuracy"] = record(Accuracy)
"""

from __future__ import annotations

import functools
import zlib
from typing import Any

from ..record import record as recorded

_MEDIA = ("images", "videos", "audios")


def columns(given: dict) -> dict[str, list]:
    """`prompt` and `group` of a call's keyword arguments, a value each completion.

    A chat has the answer at its end (`swift/rl_core/data.py:to_reward_row @ 4.6.0`). Prompts are numbered anew in each
    batch and by their texts alone (`swift/rlhf_trainers/rollout_mixin.py:1254 @ 4.6.0`), the same on all processes.
    """
    chats, ids = given.get("messages"), given.get("prompt_id")
    if not isinstance(chats, (list, tuple)):
        return {}
    told = {"prompt": [_asked(chat) for chat in chats]}
    if isinstance(ids, (list, tuple)) and len(ids) == len(chats):
        shown = [
            value for value in map(given.get, _MEDIA) if isinstance(value, (list, tuple)) and len(value) == len(ids)
        ]
        media = ([medium for value in shown for medium in _listed(value[at])] for at in range(len(ids)))
        told["group"] = [f"{id}{_mark(chat, own)}" for id, chat, own in zip(ids, chats, media)]
    return told


record = functools.partial(recorded, columns=columns)


def is_its_own(trainer: Any) -> bool:
    """Whether ms-swift made this trainer, or what it was made from."""
    return any(kind.__module__.split(".")[0] == "swift" for kind in type(trainer).__mro__)


def _asked(chat: Any) -> Any:
    return chat[:-1] if isinstance(chat, list) and chat and _role(chat[-1]) == "assistant" else chat


def _role(turn: Any) -> Any:
    return turn.get("role") if isinstance(turn, dict) else None


def _listed(value: Any) -> list:
    return list(value) if isinstance(value, (list, tuple)) else [] if value is None else [value]


def _mark(chat: Any, media: list) -> str:
    """Tells prompts apart that are numbered alike, by what was asked and shown first; later turns may differ in a group."""
    if not isinstance(chat, list):
        return ""
    roles = [_role(turn) for turn in chat]
    asked = str(chat[: roles.index("assistant") if "assistant" in roles else len(roles)])
    digest = zlib.crc32(asked.encode("utf-8", "backslashreplace"))
    for medium in media[: asked.count("<image>") + asked.count("<video>") + asked.count("<audio>") or None]:
        digest = zlib.crc32(_trace_of(medium), digest)
    return f"-{digest:08x}"


def _trace_of(medium: Any) -> bytes:
    """What tells one picture from another: its path, else its bytes."""
    if isinstance(medium, dict):
        medium = medium.get("path") or medium.get("bytes")
    if isinstance(medium, bytes):
        return medium
    if hasattr(medium, "tobytes"):
        return medium.tobytes()
    return str(medium).encode("utf-8", "backslashreplace")
