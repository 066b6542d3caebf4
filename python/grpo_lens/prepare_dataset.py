"""Makes records of folders and annotations by a recipe: `prepare_dataset.py --recipe JSON --data_root DIR`.

A recipe has parts; each names annotation files below the root and says how one entry becomes a prompt, a solution,
images and columns, with `{field}` for what the entry holds. Entries that cannot become a record are counted with the
reason. The output appears whole or not at all.
"""

from __future__ import annotations

import argparse
import contextlib
import glob
import json
import os
import re
import sys
from typing import Any, Iterator

from grpo_lens.choring import Refused, finished, need, records, written
from grpo_lens.dataset_forms import WRITERS, Left

FIELD = re.compile(r"\{\{|\}\}|\{([^{}]*)\}")
PART_KEYS = {"read", "each", "where", "prompt", "system", "solution", "images", "videos", "columns", "choices"}
RECIPE_KEYS = {"form", "name", "data_root", "parts", "write", "output", "hold_out", "paths", "comment"}
SIGNS = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"RIFF", b"BM", b"II*\0", b"MM\0*")
BATCH = 1000


def recipe_of(text: str) -> dict[str, Any]:
    """Errors: Refused, with the key, where the recipe is wrong."""
    try:
        recipe = json.loads(text)
    except ValueError as error:
        raise Refused(f"The recipe is no JSON: {error}.") from None
    if not isinstance(recipe, dict) or not isinstance(recipe.get("parts"), list) or not recipe["parts"]:
        raise Refused("The recipe has no “parts”: a list, one for each kind of annotation.")
    strange = sorted(set(recipe) - RECIPE_KEYS)
    for number, part in enumerate(recipe["parts"], 1):
        if not isinstance(part, dict):
            raise Refused(f"Part {number} of the recipe is no object.")
        strange += [f"parts[{number}].{key}" for key in sorted(set(part) - PART_KEYS)]
        for key in ("read", "prompt"):
            if not isinstance(part.get(key), str) or not part[key]:
                raise Refused(f"Part {number} of the recipe lacks “{key}”.")
    if strange:
        raise Refused(f"The recipe knows no {', '.join(strange)}.")
    if recipe.get("write", "messages") not in WRITERS:
        raise Refused(f"“write” is one of {', '.join(WRITERS)}.")
    return recipe


def annotations(root: str, part: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """(path, path below the root) of each annotation file. Errors: Refused where there is none."""
    pattern = part["read"]
    if os.path.isabs(pattern) or ".." in pattern.split("/"):
        raise Refused(f"“read” {pattern} leads out of the data root.")
    found = sorted(glob.glob(os.path.join(glob.escape(root), pattern), recursive=True))
    if not found:
        raise Refused(f"No file below {root} is like {pattern}.")
    for path in found:
        yield path, os.path.relpath(path, root)


def entries(path: str, each: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """What an annotation file lists; `each` is the path to the list in it, such as `data.items`."""
    for place, record in records(path):
        if not each:
            yield place, record
            continue
        listed = reach(record, each)
        if isinstance(listed, dict):
            listed = [{"key": key, **value} for key, value in listed.items() if isinstance(value, dict)]
        if not isinstance(listed, list):
            raise Refused(f"{place} holds no list at “{each}”.")
        for number, item in enumerate(listed, 1):
            if isinstance(item, dict):
                yield f"{place}, {each} {number}", item


def reach(record: Any, dotted: str) -> Any:
    for key in dotted.split("."):
        if isinstance(record, list) and key.lstrip("-").isdigit() and -len(record) <= int(key) < len(record):
            record = record[int(key)]
        elif isinstance(record, dict) and key in record:
            record = record[key]
        else:
            return None
    return record


def text_of(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def filled(template: str, entry: dict[str, Any]) -> str:
    """The template with the entry's fields. Errors: Left, where one is missing."""

    def field(match: re.Match[str]) -> str:
        if match[1] is None:
            return match[0][0]
        value = reach(entry, match[1].strip())
        if value is None:
            raise Left(f"it has no field “{match[1].strip()}”")
        return text_of(value)

    return FIELD.sub(field, template)


def chosen(entry: dict[str, Any], choices: dict[str, Any]) -> dict[str, Any]:
    """The entry with the texts that are looked up by another field."""
    more = {}
    for name, choice in choices.items():
        key = reach(entry, choice["by"])
        found = choice["of"].get(text_of(key), choice.get("otherwise"))
        if found is None:
            raise Left(f"“{choice['by']}” is {text_of(key)}, which “{name}” does not list")
        more[name] = found
    return {**entry, **more}


def media(entry: dict[str, Any], patterns: Any, around: tuple[str, str], check: bool) -> list[str]:
    """Paths of the media; each must be below the root, be there, and begin like a picture where it is one."""
    root, folder = around
    found: list[str] = []
    for pattern in [patterns] if isinstance(patterns, str) else patterns or []:
        whole = FIELD.fullmatch(pattern)
        value = reach(entry, whole[1].strip()) if whole and whole[1] else None
        found += [str(one) for one in value] if isinstance(value, list) else [filled(pattern, entry)]
    paths = []
    for name in found:
        if "://" in name:
            raise Left(f"it names a URL, {name.split('/')[2]}, not a file")
        path = os.path.normpath(os.path.join(folder, name))
        if not os.path.isabs(name) and not path.startswith(root + os.sep):
            raise Left("a path in it leads out of the data root")
        look(path, check)
        paths.append(path)
    return paths


def look(path: str, picture: bool) -> None:
    try:
        with open(path, "rb") as file:
            head = file.read(8)
    except OSError:
        raise Left("a file that it names does not exist") from None
    if not head:
        raise Left("a file that it names is empty")
    if picture and not head.startswith(SIGNS):
        raise Left("a file that it names is no picture")


def made(part: dict[str, Any], entry: dict[str, Any], around: tuple[str, str]) -> dict[str, Any]:
    """What the writers take: prompt, system, solution, images, videos, columns. Errors: Left."""
    for name, allowed in (part.get("where") or {}).items():
        if text_of(reach(entry, name)) not in [
            text_of(one) for one in (allowed if isinstance(allowed, list) else [allowed])
        ]:
            raise Left(f"“{name}” is not asked for")
    entry = chosen(entry, part.get("choices") or {})
    images = media(entry, part.get("images"), around, True)
    videos = media(entry, part.get("videos"), around, False)
    prompt = filled(part["prompt"], entry)
    if not prompt.strip():
        raise Left("its prompt is empty")
    for tag, many in (("<image>", images), ("<video>", videos)):
        have = prompt.count(tag)
        if have and have != len(many):
            raise Left(f"its prompt has {have} {tag}, but there are {len(many)} files")
        if not have:
            prompt = tag * len(many) + prompt
    return {
        "prompt": prompt,
        "system": filled(part["system"], entry) if part.get("system") else None,
        "solution": filled(part["solution"], entry) if part.get("solution") else None,
        "images": images,
        "videos": videos,
        "columns": {name: column(value, entry) for name, value in (part.get("columns") or {}).items()},
    }


def column(value: Any, entry: dict[str, Any]) -> Any:
    whole = FIELD.fullmatch(value) if isinstance(value, str) else None
    if whole and whole[1]:
        found = reach(entry, whole[1].strip())
        if found is None:
            raise Left(f"it has no field “{whole[1].strip()}”")
        return found
    return filled(value, entry) if isinstance(value, str) else value


class Work:
    """One run of a recipe: what was made, and what was left out and why."""

    def __init__(self, recipe: dict[str, Any], root: str) -> None:
        self.recipe, self.root = recipe, os.path.realpath(root)
        self.write = WRITERS[recipe.get("write", "messages")]
        self.relative = recipe.get("paths") == "relative"
        self.count = 0
        self.left: dict[str, list[Any]] = {}
        self.fields: list[str] = []
        if not os.path.isdir(self.root):
            raise Refused(f"{root} is no folder.")

    def records(self, most_each: int | None = None) -> Iterator[dict[str, Any]]:
        for part in self.recipe["parts"]:
            seen = 0
            for record in self.of_part(part):
                yield record
                seen += 1
                if most_each is not None and seen >= most_each:
                    break

    def of_part(self, part: dict[str, Any]) -> Iterator[dict[str, Any]]:
        for path, below in annotations(self.root, part):
            around = (self.root, os.path.dirname(path))
            known = {"folder": below.split(os.sep)[0], "file": os.path.splitext(os.path.basename(path))[0]}
            for place, entry in entries(path, part.get("each") or ""):
                self.fields = self.fields or sorted({**known, **entry})
                try:
                    yield self.one(part, {**known, **entry}, around)
                except Left as why:
                    seen = self.left.setdefault(str(why), [0, place])
                    seen[0] += 1

    def one(self, part: dict[str, Any], entry: dict[str, Any], around: tuple[str, str]) -> dict[str, Any]:
        found = made(part, entry, around)
        if self.relative:
            for key in ("images", "videos"):
                found[key] = [os.path.relpath(path, self.root) for path in found[key]]
        record = self.write(found, self.count)
        self.count += 1
        return record

    def told(self) -> list[dict[str, Any]]:
        return [{"why": why, "count": count, "place": place} for why, (count, place) in self.left.items()]


class Sink:
    """Records into JSONL or parquet."""

    def __init__(self, file: Any, path: str) -> None:
        self.file, self.count, self.rows = file, 0, []
        self.arrow = need("pyarrow") if path.endswith(".parquet") else None
        self.parquet = need("pyarrow", "pyarrow.parquet") if self.arrow else None
        self.writer: Any = None

    def add(self, record: dict[str, Any]) -> None:
        self.count += 1
        if self.arrow is None:
            self.file.write((json.dumps(record, ensure_ascii=False) + "\n").encode())
            return
        self.rows.append(record)
        if len(self.rows) >= BATCH:
            self.flush()

    def flush(self) -> None:
        if self.arrow is None or not self.rows:
            return
        schema = self.writer.schema if self.writer else None
        try:
            table = self.arrow.Table.from_pylist(self.rows, schema=schema)
        except (self.arrow.ArrowInvalid, self.arrow.ArrowTypeError) as error:
            raise Refused(f"The columns do not hold one type each: {error}.") from None
        self.writer = self.writer or self.parquet.ParquetWriter(self.file, table.schema)
        self.writer.write_table(table)
        self.rows = []

    def end(self) -> None:
        self.flush()
        if self.writer:
            self.writer.close()


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


def preview(recipe: dict[str, Any], root: str, count: int) -> str:
    """JSON of the first records of every part, what was left out until then, and the fields that entries have."""
    work = Work(recipe, root)
    each = -(-count // len(recipe["parts"]))
    found = list(work.records(each))[:count]
    return json.dumps({"records": found, "left": work.told(), "fields": work.fields}, ensure_ascii=False)


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
        return preview(recipe, root, asked.preview)
    output = asked.output or recipe.get("output")
    if not output:
        raise Refused("--output is missing: the file to write.")
    return prepare(recipe, root, os.path.abspath(output))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
