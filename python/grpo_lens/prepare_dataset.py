"""Makes records of folders and annotations by a recipe: `prepare_dataset.py --recipe JSON --data_root DIR`.

A recipe has parts; each names annotation files below the root and says how one entry becomes a prompt, a solution,
images and columns, with `{field}` for what the entry holds. Entries that cannot become a record are counted with the
reason. The output appears whole or not at all.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import sys
from typing import Any

from grpo_lens.choring import Refused, finished, written
from grpo_lens.preparing.preview import preview
from grpo_lens.preparing.recipe import recipe_of
from grpo_lens.preparing.sink import Sink
from grpo_lens.preparing.work import Work


def prepare(recipe: dict[str, Any], root: str, output: str) -> str:
    work = Work(recipe, root)
    hold = recipe.get("hold_out")
    aside = os.path.join(os.path.dirname(output), hold["output"]) if hold else None
    if os.path.exists(output):
        print(f"{output} is written anew.", flush=True)
    with written(output, "wb") as file, written(aside, "wb") if aside else contextlib.nullcontext() as other:
        sink, held = Sink(file, output), Sink(other, aside) if aside else None
        for number, record in enumerate(work.records()):
            (held if held and number % int(hold["every"]) == 0 else sink).add(record)
            if number % 10_000 == 9_999:
                print(f"{number + 1} records", flush=True)
        sink.end()
        if held:
            held.end()
        if not work.count:
            reasons = "; ".join(f"{one['why']} ({one['place']})" for one in work.told()[:3])
            raise Refused(f"No entry became a record: {reasons or 'there are none'}.")
    for one in work.told():
        print(f"left out {one['count']}: {one['why']}, first in {one['place']}", flush=True)
    more = f", {held.count} held out to {aside}" if held else ""
    return f"{sink.count} records are in {output}{more}."


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="prepare_dataset", description="Makes records by a recipe.")
    parser.add_argument("--recipe", required=True, help="the recipe's text")
    parser.add_argument("--data_root", help="instead of the recipe's own")
    parser.add_argument("--output", help="instead of the recipe's own: .jsonl or .parquet")
    parser.add_argument("--preview", type=int, help="only show so many records")
    asked = parser.parse_args(arguments)
    return finished("prepare_dataset", lambda: carried_out(asked))


def carried_out(asked: argparse.Namespace) -> str:
    recipe = recipe_of(asked.recipe)
    root = asked.data_root or recipe.get("data_root")
    if not root:
        raise Refused("--data_root is missing: the folder that holds the annotations.")
    if asked.preview:
        return json.dumps(preview(recipe, root, asked.preview), ensure_ascii=False)
    output = asked.output or recipe.get("output")
    if not output:
        raise Refused("--output is missing: the file to write.")
    return prepare(recipe, root, os.path.abspath(os.path.expanduser(output)))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
