"""Downloads a model or data set from Hugging Face or ModelScope: `download.py REPO --save_dir DIR`.

One file, so that it can be handed to any host. A file that was cut is taken up where it ended; each is compared with the
hub's own hash before it gets its name; space is looked at first. The token is read from HF_TOKEN and never printed.
"""

from __future__ import annotations

import argparse
import errno
import hashlib
import http.client
import json
import os
import shutil
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass
from fnmatch import fnmatch
from typing import Any

CHUNK = 1 << 20
TRIES = 5


class Refused(Exception):
    """A sentence for the user."""


@dataclass(frozen=True)
class Wanted:
    path: str
    size: int
    sha256: str | None
    git: str | None
    """Hash of a small file as git counts it."""
    url: str


def listing(repo: str, source: str, kind: str, endpoint: str, revision: str) -> list[Wanted]:
    """The files of a repository (huggingface_hub's tree API; modelscope's repo/files API)."""
    quoted = urllib.parse.quote(repo)
    if source == "modelscope":
        plural = "datasets" if kind == "dataset" else "models"
        told = answer(f"{endpoint}/api/v1/{plural}/{quoted}/repo/files?Recursive=true&Revision={revision}")
        files = [entry for entry in told["Data"]["Files"] if entry["Type"] == "blob"]
        base = f"{endpoint}/{plural}/{quoted}/resolve/{revision}/"
        rows = [(entry["Path"], entry["Size"], entry.get("Sha256") or None, None) for entry in files]
    else:
        plural = "datasets/" if kind == "dataset" else ""
        url = f"{endpoint}/api/{'datasets' if kind == 'dataset' else 'models'}/{quoted}/tree/{revision}?recursive=1"
        files = [entry for entry in pages(url) if entry["type"] == "file"]
        base = f"{endpoint}/{plural}{quoted}/resolve/{revision}/"
        rows = [
            (
                entry["path"],
                entry["size"],
                (entry.get("lfs") or {}).get("oid"),
                None if entry.get("lfs") else entry["oid"],
            )
            for entry in files
        ]
    return [Wanted(path, size, sha, git, base + urllib.parse.quote(path)) for path, size, sha, git in rows]


def pages(url: str | None) -> list[Any]:
    """All pages of a list; the hub names the next one in the header `Link`."""
    entries: list[Any] = []
    while url:
        with opened(url) as response:
            entries += json.load(response)
            link = response.headers.get("Link", "")
        url = link.split("<", 1)[1].split(">", 1)[0] if 'rel="next"' in link else None
    return entries


def answer(url: str) -> Any:
    with opened(url) as response:
        return json.load(response)


def opened(url: str, start: int = 0) -> Any:
    request = urllib.request.Request(url, headers={"User-Agent": "grpo-lens"})
    if start:
        request.add_header("Range", f"bytes={start}-")
    if os.environ.get("HF_TOKEN"):
        request.add_unredirected_header("Authorization", f"Bearer {os.environ['HF_TOKEN']}")
    try:
        return urllib.request.urlopen(request, timeout=60)
    except urllib.error.HTTPError as error:
        if error.code in (401, 403):
            raise Refused(f"{url} needs a token: set HF_TOKEN to one that may read it.") from None
        if error.code == 404:
            raise Refused(f"{url} does not exist.") from None
        raise


def is_whole(path: str, wanted: Wanted) -> bool:
    if not os.path.isfile(path) or os.path.getsize(path) != wanted.size:
        return False
    if wanted.sha256 is None and wanted.git is None:
        return True
    digest = hashlib.sha256() if wanted.sha256 else hashlib.sha1(f"blob {wanted.size}\0".encode())
    with open(path, "rb") as file:
        for chunk in iter(lambda: file.read(CHUNK), b""):
            digest.update(chunk)
    return digest.hexdigest() == (wanted.sha256 or wanted.git)


def fetch(wanted: Wanted, path: str) -> None:
    """Brings one file; takes up what an earlier try left. Errors: Refused, where the hash is wrong or all tries failed."""
    os.makedirs(os.path.dirname(path), exist_ok=True)
    part = path + ".part"
    why: object = ""
    for attempt in range(TRIES):
        try:
            take(wanted, part)
        except (OSError, http.client.HTTPException) as error:
            if getattr(error, "errno", None) in (errno.ENOSPC, errno.EDQUOT):
                raise Refused(f"The disk is full at {path}; run it again when there is room.") from None
            why = error
            time.sleep(min(2**attempt, 10) * float(os.environ.get("GRPO_LENS_WAIT", "1")))
            continue
        if os.path.getsize(part) < wanted.size:
            why = "the connection ended early"
            continue
        if not is_whole(part, wanted):
            os.remove(part)
            raise Refused(f"{wanted.path} came with another hash than the hub names; run it again.")
        os.rename(part, path)
        return
    raise Refused(f"{wanted.path} did not come after {TRIES} tries ({why}); run it again to go on where it stopped.")


def take(wanted: Wanted, part: str) -> None:
    start = os.path.getsize(part) if os.path.exists(part) else 0
    if start >= wanted.size:
        start = 0
    with opened(wanted.url, start) as response:
        resumed = start > 0 and response.status == 206
        with open(part, "ab" if resumed else "wb") as file:
            for chunk in iter(lambda: response.read(CHUNK), b""):
                file.write(chunk)


def safe(folder: str, path: str) -> str:
    """The place of a file of the hub; a path that leads out of the folder is refused."""
    full = os.path.abspath(os.path.join(folder, path))
    if not full.startswith(os.path.abspath(folder) + os.sep):
        raise Refused(f"The hub names the path {path}, which leads out of {folder}.")
    return full


def download(files: list[Wanted], folder: str) -> int:
    """Bytes that were brought."""
    places = [(wanted, safe(folder, wanted.path)) for wanted in files]
    missing = [(wanted, path) for wanted, path in places if not is_whole(path, wanted)]
    have = sum(os.path.getsize(path + ".part") for _, path in missing if os.path.exists(path + ".part"))
    need = sum(wanted.size for wanted, _ in missing) - have
    os.makedirs(folder, exist_ok=True)
    free = shutil.disk_usage(folder).free
    if free < need:
        raise Refused(f"{folder} has {free / 1e9:.1f} GB free, {need / 1e9:.1f} GB are missing.")
    for number, (wanted, path) in enumerate(missing, 1):
        print(f"{number}/{len(missing)} {wanted.path} ({wanted.size / 1e6:.1f} MB)", flush=True)
        fetch(wanted, path)
    return sum(wanted.size for wanted, _ in missing)


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="download", description="Downloads a model or data set.")
    parser.add_argument("repo", help="such as Qwen/Qwen2.5-VL-3B-Instruct")
    parser.add_argument("--save_dir", required=True)
    parser.add_argument("--source", choices=("huggingface", "modelscope"), default="huggingface")
    parser.add_argument("--kind", choices=("model", "dataset"), default="model")
    parser.add_argument("--revision")
    parser.add_argument("--endpoint", help="another address of the hub")
    parser.add_argument("--include", action="append", help="only files like this, such as *.safetensors")
    asked = parser.parse_args(arguments)
    usual = "https://modelscope.cn" if asked.source == "modelscope" else "https://huggingface.co"
    endpoint = (asked.endpoint or os.environ.get("HF_ENDPOINT") or usual).rstrip("/")
    revision = asked.revision or ("master" if asked.source == "modelscope" else "main")
    try:
        files = listing(asked.repo, asked.source, asked.kind, endpoint, revision)
        if asked.include:
            files = [wanted for wanted in files if any(fnmatch(wanted.path, like) for like in asked.include)]
        count = download(files, asked.save_dir)
    except Refused as error:
        print(f"download: {error}", file=sys.stderr)
        return 2
    except (OSError, http.client.HTTPException, ValueError, KeyError) as error:
        print(f"download: {endpoint} cannot be reached or answers strangely: {error}.", file=sys.stderr)
        return 2
    print(f"{len(files)} files are in {asked.save_dir}; {count / 1e6:.1f} MB came now.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
