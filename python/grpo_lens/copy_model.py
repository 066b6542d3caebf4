"""Copies a folder to a host: `copy_model.py FOLDER --to DIR [--ssh HOST]`.

One ssh connection carries everything: the host is asked what it has, gets the bytes that are missing, and names a file
only when its SHA-256 is that of ours. A copy that was cut goes on where it ended. Without --ssh the copy is made here.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import json
import os
import shlex
import subprocess
import sys
import time
from typing import Any

from grpo_lens.choring import Refused, finished

CHUNK = 1 << 20
TRIES = 5
HELLO = "grpo-lens-copy"

RECEIVER = r"""
import hashlib, json, os, shutil, sys
INP, OUT = sys.stdin.buffer, sys.stdout
CHUNK = 1 << 20
def say(**told):
    OUT.write("grpo-lens-copy" + json.dumps(told) + "\n")
    OUT.flush()
def digest(path):
    sha = hashlib.sha256()
    with open(path, "rb") as file:
        for chunk in iter(lambda: file.read(CHUNK), b""):
            sha.update(chunk)
    return sha
def size(path):
    return os.path.getsize(path) if os.path.isfile(path) else -1
def main():
    ask = json.loads(INP.readline())
    root = os.path.realpath(os.path.expanduser(ask["to"]))
    need, have = 0, []
    for name, wanted in ask["files"]:
        path = os.path.normpath(os.path.join(root, name))
        if not path.startswith(root + os.sep):
            return say(error="the path %s leads out of %s" % (name, root))
        there = size(path)
        part = 0 if there == wanted else max(0, size(path + ".part"))
        have.append(there if there == wanted else min(part, wanted))
        need += 0 if there == wanted else wanted - min(part, wanted)
    place = root
    while not os.path.isdir(place):
        place = os.path.dirname(place)
    free = shutil.disk_usage(place).free
    if free < need:
        return say(error="%s has %.1f GB free, %.1f GB are missing" % (place, free / 1e9, need / 1e9))
    say(root=root, have=have, whole=[size(os.path.join(root, name)) == wanted for name, wanted in ask["files"]])
    for line in iter(INP.readline, b""):
        one = json.loads(line)
        path = os.path.join(root, one["name"])
        if one["do"] == "hash":
            say(sha256=digest(path).hexdigest())
            continue
        part = path + ".part"
        os.makedirs(os.path.dirname(part), exist_ok=True)
        try:
            with open(part, "r+b" if one["start"] else "wb") as file:
                if one["start"]:
                    file.truncate(one["start"])
                    file.seek(one["start"])
                left = one["bytes"]
                while left:
                    chunk = INP.read(min(CHUNK, left))
                    if not chunk:
                        return
                    file.write(chunk)
                    left -= len(chunk)
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            full = error.errno in (28, 122)
            return say(error="the disk is full at %s" % root if full else str(error))
        if digest(part).hexdigest() != json.loads(INP.readline())["sha256"]:
            os.remove(part)
            say(done=False)
            continue
        os.replace(part, path)
        say(done=True)
main()
"""


class Cut(Exception):
    """The connection ended early."""


class Link:
    """The receiver on the other side, over one pipe."""

    def __init__(self, command: list[str]) -> None:
        try:
            self.child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        except OSError as error:
            raise Refused(f"{command[0]} cannot be started: {error.strerror}.") from None

    def send(self, data: bytes) -> None:
        try:
            self.child.stdin.write(data)
        except OSError:
            self.hear()  # it may have said why before it went
            raise Cut(self.end()) from None

    def say(self, **told: Any) -> None:
        self.send(json.dumps(told).encode() + b"\n")

    def hear(self) -> dict[str, Any]:
        """The next answer; what a host prints at login is thrown away. Errors: Cut, and Refused for the host's own."""
        try:
            self.child.stdin.flush()
        except OSError:
            pass
        for line in iter(self.child.stdout.readline, b""):
            at = line.find(HELLO.encode())
            if at < 0 or not line.endswith(b"\n"):
                continue
            told = json.loads(line[at + len(HELLO) :])
            if "error" in told:
                raise Refused(f"The host says: {told['error']}.")
            return told
        raise Cut(self.end())

    def end(self) -> str:
        try:
            status = self.child.wait(timeout=5)
        except subprocess.TimeoutExpired:
            self.child.kill()
            status = self.child.wait()
        self.close()
        return "ssh could not connect" if status == 255 else f"the connection ended early (status {status})"

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self.child.stdin.close()
        self.child.stdout.close()
        self.child.wait()


def files_in(folder: str) -> list[tuple[str, int]]:
    """Names below the folder with their sizes; links are followed, unfinished downloads are refused."""
    found = []
    for place, _, names in os.walk(folder, followlinks=True):
        for name in sorted(names):
            path = os.path.join(place, name)
            if name.endswith((".part", ".incomplete")):
                raise Refused(f"{path} is not whole: finish the download first.")
            if not os.path.isfile(path):
                raise Refused(f"{path} points at nothing.")
            found.append((os.path.relpath(path, folder).replace(os.sep, "/"), os.path.getsize(path)))
    if not found:
        raise Refused(f"{folder} is no folder with files.")
    return sorted(found)


def prefix_hash(path: str, length: int) -> Any:
    sha = hashlib.sha256()
    with open(path, "rb") as file:
        while length > 0:
            chunk = file.read(min(CHUNK, length))
            if not chunk:
                break
            sha.update(chunk)
            length -= len(chunk)
    return sha


def send_file(link: Link, folder: str, name: str, start: int) -> bool:
    """Sends what is missing; whether the host has the very file now."""
    path = os.path.join(folder, name)
    size = os.path.getsize(path)
    sha = prefix_hash(path, start)
    link.say(do="file", name=name, start=start, bytes=size - start)
    shown, sent = time.monotonic(), start
    with open(path, "rb") as file:
        file.seek(start)
        while sent < size:
            chunk = file.read(min(CHUNK, size - sent))
            if not chunk:
                raise Refused(f"{path} became shorter while it was copied.")
            sha.update(chunk)
            link.send(chunk)
            sent += len(chunk)
            if time.monotonic() - shown > 5:
                shown = time.monotonic()
                print(f"  {100 * sent // size} % of {name}", flush=True)
    link.say(sha256=sha.hexdigest())
    return bool(link.hear()["done"])


def copy(folder: str, to: str, command: list[str]) -> tuple[int, int, str]:
    """One try over one connection: files, bytes that were sent, and where they are."""
    files = files_in(folder)
    link = Link(command)
    try:
        return over(link, folder, files, to)
    finally:
        link.close()


def over(link: Link, folder: str, files: list[tuple[str, int]], to: str) -> tuple[int, int, str]:
    link.say(to=to, files=files)
    told = link.hear()
    sent = 0
    for number, ((name, size), have, whole) in enumerate(zip(files, told["have"], told["whole"]), 1):
        print(f"{number}/{len(files)} {name} ({size / 1e6:.1f} MB{', there already' if whole else ''})", flush=True)
        start = have
        if whole:
            link.say(do="hash", name=name)
            if link.hear()["sha256"] == prefix_hash(os.path.join(folder, name), size).hexdigest():
                continue
            start = 0
        sent += size - start
        if send_file(link, folder, name, start):
            continue
        print(f"  {name} differed; it is sent anew.", flush=True)
        sent += size
        if not send_file(link, folder, name, 0):
            raise Refused(f"{name} comes to the host with another SHA-256 twice: is it being written to?")
    return len(files), sent, told["root"]


def copied(folder: str, to: str, command: list[str]) -> str:
    why = ""
    for attempt in range(TRIES):
        try:
            count, sent, root = copy(folder, to, command)
            return f"{count} files are in {root}, each with our SHA-256; {sent / 1e6:.1f} MB were sent now."
        except Cut as error:
            why = str(error)
            print(f"{why}; trying again", flush=True)
            time.sleep(min(2**attempt, 10) * float(os.environ.get("GRPO_LENS_WAIT", "1")))
    raise Refused(f"The copy did not come to its end in {TRIES} tries ({why}); run it again to go on where it stopped.")


def command_of(asked: argparse.Namespace) -> list[str]:
    if not asked.ssh:
        return [sys.executable, "-c", RECEIVER]
    if asked.ssh.startswith("-"):
        raise Refused(f'"{asked.ssh}" is no name of an ssh host.')
    options = ["-F", asked.ssh_config] if asked.ssh_config else []
    quiet = ["-T", "-o", "BatchMode=yes", "-o", "ConnectTimeout=10", "-o", "ServerAliveInterval=15"]
    return ["ssh", *options, *quiet, "--", asked.ssh, f"{asked.remote_python} -c {shlex.quote(RECEIVER)}"]


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="copy_model", description="Copies a folder to a host, checked.")
    parser.add_argument("folder", help="what is copied")
    parser.add_argument("--to", required=True, help="folder on the host")
    parser.add_argument("--ssh", help="the host as the ssh settings name it")
    parser.add_argument("--ssh_config", help="another file of ssh settings")
    parser.add_argument("--remote_python", default="python3")
    asked = parser.parse_args(arguments)
    return finished("copy_model", lambda: copied(asked.folder, asked.to, command_of(asked)))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
