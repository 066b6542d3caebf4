"""`show`: completions beside their rewards."""

from __future__ import annotations

from typing import Any

from . import fallback
from .bundle import COMPLETIONS, Output
from .samples import MOST_ROWS, Samples, json_scores
from .table import GROUPS, PROMPTS, TEXTS, BadInput, columns_of, first_of, source_of, text_of


def show(
    completions: Any,
    rewards: Any = None,
    *,
    prompts: Any = None,
    groups: Any = None,
    group_size: int | None = None,
    advantages: Any = None,
    title: str = "Completions",
    limit: int = MOST_ROWS,
) -> Output:
    """Shows completions in their groups, with how each reward is spread.

    `completions`: texts, conversations, records, a mapping of lists, a data frame, a data set or a path of JSON lines.
    `rewards`: one number each, or a mapping of names to such lists; of records, the columns that hold only numbers.
    `groups`: an id each, or `group_size`: so many in a row; without either they are unknown, since equal prompts prove
    nothing. The output keeps at most `limit` completions (whole groups, spread evenly) and 600,000 characters, and says
    so; the spread of the rewards is that of all. Errors: `BadInput`, one sentence.
    """
    columns = columns_of(completions)
    texts = first_of(columns, TEXTS)
    if texts is None:
        raise BadInput(
            f"None of the columns {', '.join(columns)} holds completions; one is expected under: {', '.join(TEXTS)}."
        )
    size = len(columns[texts])
    asked = first_of(columns, PROMPTS)
    spoken = prompts if prompts is not None else columns.get(asked) if asked else None
    samples = Samples(
        texts=[text_of(text) for text in columns[texts]],
        prompts=[text_of(prompt) for prompt in spoken] if spoken is not None else None,
        scores=_scores(rewards, columns, size),
        groups=grouped(groups, group_size, columns, size),
        steps=numbered(columns.get("step")),
        advantages=json_scores("advantage", columns.get("advantage") if advantages is None else advantages, size)
        if advantages is not None or "advantage" in columns
        else None,
    )
    if samples.prompts is not None and len(samples.prompts) != size:
        raise BadInput(f"There are {len(samples.prompts)} prompts for {size} completions.")
    told = samples.output(limit)
    return Output(
        COMPLETIONS,
        {"title": title, **source_of(completions), "samples": told},
        fallback.html(title, told),
        fallback.plain(title, told),
    )


def _scores(rewards: Any, columns: dict[str, list], size: int) -> dict[str, list]:
    if rewards is None and _holds_scores(columns.get("scores")):
        records = columns["scores"]
        names = {name: None for scores in records for name in scores}
        given = {name: [scores.get(name, "unknown") for scores in records] for name in names}
    elif rewards is None:
        taken = {*TEXTS, *PROMPTS, *GROUPS, "advantage", "step"}
        given = {name: values for name, values in columns.items() if name not in taken and _holds_numbers(values)}
    elif hasattr(rewards, "items"):
        given = {str(name): list(values) for name, values in rewards.items()}
    else:
        given = {"reward": list(rewards)}
    return {name: json_scores(name, values, size) for name, values in given.items()}


def _holds_scores(values: Any) -> bool:
    """As our own record has it: an object of scores in each line."""
    return bool(values) and all(isinstance(scores, dict) for scores in values)


def _holds_numbers(values: list) -> bool:
    known = [value for value in values if value is not None]
    return bool(known) and all(isinstance(value, (int, float)) for value in known)


def grouped(groups: Any, size: int | None, columns: dict[str, list], total: int) -> list[int] | None:
    """Each row's group, numbered from 0; None where neither ids nor a size tell."""
    if size is not None:
        if size < 1 or total % size:
            raise BadInput(f"{total} completions do not divide into groups of {size}.")
        return [row // size for row in range(total)]
    name = first_of(columns, GROUPS)
    ids = list(groups) if groups is not None else columns[name] if name else None
    if ids is None:
        return None
    if len(ids) != total:
        raise BadInput(f"There are {len(ids)} group ids for {total} completions.")
    numbers = {id: number for number, id in enumerate(dict.fromkeys(map(str, ids)))}
    return [numbers[str(id)] for id in ids]


def numbered(values: list | None) -> list | None:
    """Numbers as they are, None for anything else."""
    if values is None:
        return None
    return [value if isinstance(value, (int, float)) and value == value else None for value in values]
