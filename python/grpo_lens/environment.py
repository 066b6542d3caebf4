"""Makes a Python environment, a wheelhouse for a host without a network, or checks what is there.

`environment.py make --path DIR [--wheelhouse DIR] REQUIREMENT…` makes it by uv where the host has uv, else by venv and
pip; `wheelhouse --path DIR REQUIREMENT…` collects wheels where there is a network; `check REQUIREMENT…` looks at this
Python. A requirement is a package with the least version that is wanted, such as `vllm>=0.8.3` or `python>=3.9`, or with
the very one, such as `torch==2.6.0`.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
from typing import Any

from grpo_lens.choring import Refused, finished, written

WANTED = re.compile(r"([A-Za-z0-9][A-Za-z0-9._-]*)(\[[\w,-]+\])?(?:(>=|==)([\w.!+*-]+))?$")
UNFINISHED = ".grpo-lens-unfinished"
LATE = {"flash-attn"}
"""Built against packages that must be there before it."""
LOOK = """
import json, sys, importlib.metadata as m
def one(name):
    try: return m.version(name)
    except m.PackageNotFoundError: return None
print(json.dumps({**{name: one(name) for name in sys.argv[1:]}, "python": sys.version.split()[0]}))
"""


def parted(requirement: str) -> tuple[str, str]:
    """`vllm>=0.8.3` → ("vllm", "0.8.3"), and so of `==`; no version: ""."""
    found = WANTED.match(requirement)
    if not found:
        raise Refused(f'"{requirement}" is no requirement such as vllm>=0.8.3.')
    return found[1], found[4] or ""


def order(version: str) -> tuple[Any, ...]:
    """A key that sorts versions; what comes before a release (a, b, rc, dev) sorts below it."""
    main = version.split("+")[0]
    found = re.match(r"[\d.]+", main)
    numbers = [int(part) for part in (found[0] if found else "0").strip(".").split(".") if part]
    while numbers and numbers[-1] == 0:
        numbers.pop()
    rest = main[len(found[0]) if found else 0 :]
    before = bool(re.match(r"[._-]?(a|b|rc|dev|pre|alpha|beta)", rest))
    return (tuple(numbers), not before, rest)


def fits(version: str, requirement: str) -> bool:
    """Whether this version is what a requirement asks for; without a version, any is."""
    least = parted(requirement)[1]
    if "==" not in requirement:
        return not least or order(version) >= order(least)
    if least.endswith(".*"):
        return f"{version.split('+')[0]}.".startswith(least[:-1])
    return order(version) == order(least)


def table(python: str, requirements: list[str]) -> tuple[str, list[str]]:
    """Lines of what is there beside what is wanted, and the packages that fall short."""
    names = [parted(one)[0] for one in requirements]
    done = subprocess.run([python, "-c", LOOK, *names], capture_output=True, text=True, check=False)
    if done.returncode:
        raise Refused(f"{python} does not work: {(done.stderr.strip() or 'no word').splitlines()[-1]}.")
    have = json.loads(done.stdout)
    lines, short = [], []
    for requirement in requirements:
        name, least = parted(requirement)
        version = have.get(name.lower() if name.lower() == "python" else name)
        good = version is not None and fits(version, requirement)
        if not good:
            short.append(name)
        wanted = f"{'exactly' if '==' in requirement else 'at least'} {least}" if least else "any"
        lines.append(f"{'ok  ' if good else 'MISS'} {name:<16} {version or 'not installed':<14} wanted: {wanted}")
    return "\n".join(lines), short


def check(python: str, requirements: list[str]) -> str:
    text, short = table(python, requirements)
    print(text, flush=True)
    if short:
        raise Refused(f"{', '.join(short)} must be installed or newer for {python}.")
    return f"{python} has all of it."


def call(command: list[str], what: str, **more: str) -> None:
    print(f"$ {' '.join(command)}", flush=True)
    if subprocess.run(command, check=False, env={**os.environ, **more}).returncode:
        raise Refused(f"{what} failed: the reason stands above. What was done stays; run it again to go on.")


def installed(python: str, uv: str | None, options: list[str], packages: list[str]) -> None:
    if not packages:
        return
    if uv:
        call([uv, "pip", "install", "--python", python, *options, *packages], "Installing")
    else:
        quiet = ["--disable-pip-version-check", "--progress-bar", "off"]
        call([python, "-m", "pip", "install", *quiet, *options, *packages], "Installing")


def make(path: str, requirements: list[str], given: argparse.Namespace) -> str:
    """Makes the environment, or goes on with one that was not finished."""
    path = os.path.abspath(path)
    python = os.path.join(path, "bin", "python")
    mark = os.path.join(path, UNFINISHED)
    if os.path.isdir(path) and os.listdir(path) and not os.path.isfile(os.path.join(path, "pyvenv.cfg")):
        raise Refused(f"{path} holds something that is no environment; choose another folder.")
    least = next((parted(one)[1] for one in requirements if parted(one)[0].lower() == "python"), "")
    base = given.python or sys.executable
    if least and not table(base, [f"python>={least}"])[0].startswith("ok"):
        raise Refused(f"{base} is older than Python {least}: name a newer one with --python.")
    uv = None if given.tool == "pip" else shutil.which("uv")
    if given.tool == "uv" and uv is None:
        raise Refused("uv is not installed on this host: choose pip, or install uv.")
    print(f"1/3 {path} by {'uv' if uv else 'venv and pip'}", flush=True)
    if not os.path.isfile(python):
        # uv would not go on with one that was cut while it was made.
        making = [uv, "venv", "--python", base, path] if uv else [base, "-m", "venv", path]
        call(making, "Making the environment", UV_VENV_CLEAR="1")
    with open(mark, "w", encoding="utf-8"):
        pass
    packages = [one for one in requirements if parted(one)[0].lower() != "python"]
    options = ["--no-index", "--find-links", given.wheelhouse] if given.wheelhouse else []
    print(f"2/3 {len(packages)} packages and what they need", flush=True)
    if given.wheelhouse:
        look_at_wheelhouse(given.wheelhouse)
    early = [one for one in packages if parted(one)[0] not in LATE]
    for folder in given.editable or []:
        early += ["-e", folder]
    installed(python, uv, options, early)
    installed(python, uv, [*options, "--no-build-isolation"], [one for one in packages if one not in early])
    print("3/3 versions", flush=True)
    said = check(python, requirements)
    os.remove(mark)
    return f"{said} Activate it with: . {path}/bin/activate"


def look_at_wheelhouse(folder: str) -> None:
    """Errors: Refused where the wheelhouse is not what it was when it was made."""
    try:
        with open(os.path.join(folder, "wheelhouse.json"), encoding="utf-8") as file:
            sizes = json.load(file)["files"]
    except (OSError, ValueError, KeyError) as error:
        raise Refused(f"{folder} is no finished wheelhouse ({error}): make it with “wheelhouse”.") from None
    for name, size in sizes.items():
        path = os.path.join(folder, name)
        if not os.path.isfile(path) or os.path.getsize(path) != size:
            raise Refused(f"{path} is missing or cut: copy the wheelhouse again.")


def wheelhouse(path: str, requirements: list[str], given: argparse.Namespace) -> str:
    path = os.path.abspath(path)
    os.makedirs(path, exist_ok=True)
    packages = [one for one in requirements if parted(one)[0].lower() != "python"]
    options = []
    if given.platform:
        options += ["--only-binary", ":all:", "--platform", given.platform]
    if given.python_version:
        options += ["--only-binary", ":all:", "--python-version", given.python_version]
    quiet = ["--disable-pip-version-check", "--progress-bar", "off"]
    pip = [given.python or sys.executable, "-m", "pip"]
    collect = [*pip, "download" if options else "wheel", *quiet, *options]
    if given.find_links:
        collect += ["--no-index", "--find-links", given.find_links]
    call([*collect, "--dest" if options else "--wheel-dir", path, *packages], "Collecting wheels")
    wheels = sorted(name for name in os.listdir(path) if name.endswith((".whl", ".tar.gz")))
    with written(os.path.join(path, "wheelhouse.json")) as file:
        sizes = {name: os.path.getsize(os.path.join(path, name)) for name in wheels}
        json.dump({"form": 1, "requirements": packages, "files": sizes}, file, indent=1)
    return f"{len(wheels)} wheels are in {path}: copy the folder to the host, then make the environment there from it."


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="environment", description="An environment for a training.")
    parser.add_argument("do", choices=("make", "wheelhouse", "check"))
    parser.add_argument("requirements", nargs="*")
    parser.add_argument("--path", help="folder of the environment or the wheelhouse")
    parser.add_argument("--wheelhouse", help="install from this folder only, without a network")
    parser.add_argument("--find_links", help="collect from this folder only")
    parser.add_argument("--tool", choices=("auto", "uv", "pip"), default="auto")
    parser.add_argument("--python", help="the interpreter to build on")
    parser.add_argument("--editable", action="append", help="a folder to install as it lies")
    parser.add_argument("--platform", help="of the offline host, such as manylinux_2_28_x86_64")
    parser.add_argument("--python_version", help="of the offline host, such as 3.11")
    asked = parser.parse_intermixed_args(arguments)
    return finished("environment", lambda: carried_out(asked))


def carried_out(asked: argparse.Namespace) -> str:
    words = [word for one in asked.requirements for word in one.split()]
    for word in words:
        parted(word)
    if asked.do == "check":
        return check(asked.python or sys.executable, words)
    if not asked.path:
        raise Refused("--path is missing: the folder to write.")
    return (make if asked.do == "make" else wheelhouse)(asked.path, words, asked)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
