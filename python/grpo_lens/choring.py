"""What the chores share: refusals, packages that may be missing, records, files that appear whole or not at all.

A chore travels to its host inside its command: this module first, its own script behind it, nothing installed.
"""

from __future__ import annotations

import contextlib
import errno
import importlib
import importlib.util
import json
import os
import shutil
import sys
from typing import Any, Callable, Iterator

MEDIA = {"images": ("images", "image"), "videos": ("videos", "video")}
TURNS = ("messages", "prompt", "conversations", "question", "query", "problem")
TRUTHS = ("solution", "answer", "ground_truth")
ROLES = {"human": "user", "gpt": "assistant"}


class Refused(Exception):
    """A sentence for the user."""


def need(package: str, module: str | None = None) -> Any:
    """The module of a package. Errors: Refused, with what to install, where it is missing or broken."""
    try:
        return importlib.import_module(module or package)
    except ImportError as error:
        why = "is not installed" if isinstance(error, ModuleNotFoundError) else f"cannot be loaded ({error})"
        hint = f'{sys.executable} -m pip install {package}, or "Prepare Environment…"'
        raise Refused(f"{package} {why} for {sys.executable}: {hint}.") from None


def has(module: str) -> bool:
    try:
        return importlib.util.find_spec(module) is not None
    except (ImportError, ValueError, AttributeError):
        return False


def finished(name: str, work: Callable[[], str]) -> int:
    """Prints what `work` gives; a refusal is one sentence and status 2."""
    try:
        print(work(), flush=True)
        return 0
    except Refused as error:
        print(f"{name}: {error}", file=sys.stderr, flush=True)
    except OSError as error:
        full = error.errno in (errno.ENOSPC, errno.EDQUOT)
        where = f" at {error.filename}" if error.filename else ""
        why = f"the disk is full{where}; free some space and run it again" if full else str(error)
        print(f"{name}: {why}.", file=sys.stderr, flush=True)
    return 2


@contextlib.contextmanager
def whole_model(output: str, like: str) -> Iterator[str]:
    """A folder to write weights into: gets all but the weights of `like`, and its name only when all is there."""
    aside = f"{os.path.abspath(output)}.{os.getpid()}.part"
    os.makedirs(aside)
    try:
        yield aside
        for name in os.listdir(like):
            path = os.path.join(like, name)
            if os.path.isfile(path) and not name.endswith((".safetensors", ".bin", ".pt", ".pth")):
                shutil.copyfile(path, os.path.join(aside, name))
        os.rename(aside, output)
    except BaseException:
        shutil.rmtree(aside, ignore_errors=True)
        raise


@contextlib.contextmanager
def written(path: str, mode: str = "w") -> Iterator[Any]:
    """A file beside `path` that gets its name only when it is whole."""
    path = os.path.abspath(path)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    aside = f"{path}.{os.getpid()}.part"
    try:
        with open(aside, mode, encoding=None if "b" in mode else "utf-8") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        os.replace(aside, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.remove(aside)
        raise


def records(path: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Records of a JSONL, JSON or parquet file with the words for their places. Errors: Refused."""
    if not os.path.isfile(path):
        raise Refused(f"{path} does not exist.")
    if path.endswith(".parquet"):
        yield from _parquet(path)
    elif path.endswith(".json"):
        yield from _listed(path)
    else:
        with open(path, "rb") as file:
            for number, line in enumerate(file, 1):
                if line.strip():
                    yield f"{path}:{number}", _record(line, f"{path}:{number}")


def _record(text: bytes, place: str) -> dict[str, Any]:
    try:
        record = json.loads(text.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise Refused(f"{place} is not written in UTF-8.") from None
    except (ValueError, RecursionError) as error:
        raise Refused(f"{place} is no JSON: {error}.") from None
    if not isinstance(record, dict):
        raise Refused(f"{place} is no JSON object.")
    return record


def _listed(path: str) -> Iterator[tuple[str, dict[str, Any]]]:
    try:
        with open(path, encoding="utf-8-sig") as file:
            whole = json.load(file)
    except (ValueError, RecursionError) as error:
        raise Refused(f"{path} is no JSON: {error}.") from None
    for number, record in enumerate(whole if isinstance(whole, list) else [whole], 1):
        if not isinstance(record, dict):
            raise Refused(f"{path}, entry {number}, is no JSON object.")
        yield f"{path}, entry {number}", record


def _parquet(path: str) -> Iterator[tuple[str, dict[str, Any]]]:
    parquet = need("pyarrow", "pyarrow.parquet")
    row = 0
    for batch in parquet.ParquetFile(path).iter_batches(batch_size=64):
        for record in batch.to_pylist():
            row += 1
            yield f"{path}, row {row}", record


def prompt_of(record: dict[str, Any]) -> list[dict[str, str]]:
    """The turns before the answer, whichever of the known forms the record has. Errors: ValueError."""
    found = next((record[name] for name in TURNS if record.get(name)), None)
    if isinstance(found, str):
        return [{"role": "user", "content": found}]
    if not isinstance(found, list):
        raise ValueError("it has no prompt: none of " + ", ".join(TURNS))
    turns = []
    for turn in found:
        if not isinstance(turn, dict):
            raise ValueError("a turn of its prompt is no object")
        role = str(turn.get("role") or turn.get("from") or "user")
        turns.append({"role": ROLES.get(role, role), "content": _text(turn.get("content", turn.get("value", "")))})
    while turns and turns[-1]["role"] == "assistant":
        turns.pop()
    if not turns:
        raise ValueError("its prompt is empty")
    return turns


def _text(content: Any) -> str:
    if not isinstance(content, list):
        return str(content)
    return "".join(
        f"<{part.get('type')}>" if part.get("type") != "text" else str(part.get("text", "")) for part in content
    )


def truth_of(record: dict[str, Any]) -> Any:
    """What rewards compare with; None where the record has none."""
    for name in TRUTHS:
        if record.get(name) is not None:
            return record[name]
    inner = record.get("reward_model")
    if isinstance(inner, dict):
        return inner.get("ground_truth")
    turns = record.get("messages") or record.get("conversations")
    last = turns[-1] if isinstance(turns, list) and turns and isinstance(turns[-1], dict) else {}
    answered = last.get("role", last.get("from")) in ("assistant", "gpt")
    return last.get("content", last.get("value")) if answered else None


def media_of(record: dict[str, Any], kind: str = "images") -> list[Any]:
    """Paths, URLs, bytes or objects of them, in their order."""
    found = next((record[name] for name in MEDIA[kind] if record.get(name) is not None), [])
    return list(found) if isinstance(found, (list, tuple)) else [found]
