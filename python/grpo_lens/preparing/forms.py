"""The five forms of data sets, as `prepare_dataset` writes them."""

from __future__ import annotations

import re
from typing import Any


class Left(Exception):
    """Why an entry becomes no record."""


def turns(one: dict[str, Any]) -> list[dict[str, str]]:
    before = [{"role": "system", "content": one["system"]}] if one["system"] else []
    return [*before, {"role": "user", "content": one["prompt"]}]


def lists(one: dict[str, Any]) -> dict[str, Any]:
    return {key: one[key] for key in ("images", "videos") if one[key]}


def some(**values: Any) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value is not None}


def as_messages(one: dict[str, Any], _: int) -> dict[str, Any]:
    return {"messages": turns(one), **lists(one), **some(solution=one["solution"]), **one["columns"]}


def as_answer(one: dict[str, Any], _: int) -> dict[str, Any]:
    if one["system"]:
        raise Left("its form has no place for a system prompt")
    return {"prompt": one["prompt"], "answer": one["solution"] or "", **lists(one), **one["columns"]}


def as_columns(one: dict[str, Any], _: int) -> dict[str, Any]:
    bare = [{**turn, "content": re.sub(r"<(image|video)>", "", turn["content"])} for turn in turns(one)]
    return {"prompt": bare, **lists(one), **some(solution=one["solution"]), **one["columns"]}


def as_rule(one: dict[str, Any], index: int) -> dict[str, Any]:
    columns = dict(one["columns"])
    return {
        "data_source": str(columns.pop("data_source", "prepared")),
        "prompt": turns(one),
        **({"images": [{"image": path} for path in one["images"]]} if one["images"] else {}),
        **({"videos": [{"video": path} for path in one["videos"]]} if one["videos"] else {}),
        "ability": str(columns.pop("ability", "prepared")),
        "reward_model": {"style": "rule", "ground_truth": one["solution"] or ""},
        "extra_info": {"index": index},
        **columns,
    }


def as_conversations(one: dict[str, Any], index: int) -> dict[str, Any]:
    said = [{"from": "human", "value": one["prompt"]}]
    if one["solution"] is not None:
        said.append({"from": "gpt", "value": one["solution"]})
    single = {key[:-1]: paths[0] if len(paths) == 1 else paths for key, paths in lists(one).items()}
    return {"id": index, "conversations": said, **single, **one["columns"]}


WRITERS = {
    "messages": as_messages,
    "prompt-answer": as_answer,
    "prompt-columns": as_columns,
    "reward-model": as_rule,
    "conversations": as_conversations,
}
