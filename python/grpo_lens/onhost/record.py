"""What a run was, noted as it starts: sources with their hashes, commit and changes, packages, names of variables."""

import ast
import hashlib
import json
import os
import re
import time

from onhost.files import output, read_text, replace_file, write_file
from onhost.redact import redact

MOST_FILES = 40
MOST_BYTES = 400_000
MOST_DIFF = 1_000_000
SOURCE = re.compile(r"[\w@%+.,/~-]+\.(?:py|ya?ml|json|sh|toml|cfg)\b")
PATH = re.compile(r"(?:~|\.{0,2})/?[\w@%+.-]+(?:/[\w@%+.-]+)+/?")
VERSIONS = """
import json
from importlib import metadata
found = {}
for one in metadata.distributions():
    name = one.metadata["Name"]
    if name: found.setdefault(name, one.version)
print(json.dumps(dict(sorted(found.items(), key=lambda pair: pair[0].lower()))))
"""


def commit_of(place, cwd, known):
    """The commit of a folder; what differs from it goes into `diff.patch`, bounded, secrets taken out."""
    commit = output(["git", "-C", cwd, "rev-parse", "HEAD"])
    if commit is None:
        return None
    changed = output(["git", "-C", cwd, "status", "--porcelain", "--untracked-files=no"]) or ""
    branch = output(["git", "-C", cwd, "rev-parse", "--abbrev-ref", "HEAD"]) or ""
    diff = output(["git", "-C", cwd, "diff", "HEAD", "--no-ext-diff", "--no-textconv", "--no-color"], 20.0) or ""
    if diff:
        more = len(diff) - MOST_DIFF
        text = redact(diff[:MOST_DIFF], known) + ("\n… %d characters more are left out\n" % more if more > 0 else "")
        write_file(os.path.join(place, "diff.patch"), text)
    return {"commit": commit.strip(), "branch": branch.strip(), "changed": changed.splitlines(), "diff": len(diff)}


def sources(place, command, cwd, known):
    """Copies every text that the command reaches by name or by import: scripts, configurations, rewards."""
    found, waiting = {}, list(files_in(" ".join(command), [cwd]))
    for word in command:
        waiting += [path for path in candidates(word.split("=")[-1].split(":")[0], [cwd]) if path.endswith(ENDINGS)]
    while waiting and len(found) < MOST_FILES:
        path = waiting.pop(0)
        text = read_text(path) if path not in found and os.path.getsize(path) <= MOST_BYTES else None
        if text is None:
            continue
        found[path] = kept(place, path, text, (len(found) + 1, known))
        near = [cwd, os.path.dirname(path)]
        waiting += files_in(text, near)
        waiting += imported(text, near) if path.endswith(".py") else []
    return list(found.values())


ENDINGS = (".py", ".yaml", ".yml", ".json", ".sh", ".toml", ".cfg")


def kept(place, path, text, how):
    number, known = how
    name = "%d-%s" % (number, re.sub(r"[^A-Za-z0-9._-]", "_", os.path.basename(path)))
    folder = os.path.join(place, "sources")
    if not os.path.isdir(folder):
        os.mkdir(folder, 0o700)  # not with its parents: a run that was removed meanwhile does not come back
    write_file(os.path.join(folder, name), redact(text, known))
    with open(path, "rb") as file:
        digest = hashlib.sha256(file.read()).hexdigest()
    reward = re.search(r"reward", os.path.basename(path), re.IGNORECASE) or re.search(
        r"^\s*(?:async )?def \w*reward\w*\(|^class \w*(?:ORM|Reward)\b", text, re.MULTILINE
    )
    return {"path": path, "sha256": digest, "copy": "sources/" + name, "reward": bool(reward and path.endswith(".py"))}


def files_in(text, near):
    """Files that a text names, seen from these folders."""
    return [path for word in dict.fromkeys(SOURCE.findall(text)) for path in candidates(word, near)][:MOST_FILES]


def candidates(word, near):
    seen = [os.path.normpath(os.path.join(folder, os.path.expanduser(word))) for folder in near]
    return [path for path in dict.fromkeys(seen) if word and os.path.isfile(path)][:1]


def imported(text, near):
    """Files beside a Python text that it imports."""
    try:
        nodes = list(ast.walk(ast.parse(text)))
    except (SyntaxError, ValueError, RecursionError):
        return []
    names = [alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names]
    for node in nodes:
        if isinstance(node, ast.ImportFrom):
            names += [node.module or alias.name for alias in node.names]
    paths = [os.path.join(*name.split(".")) for name in dict.fromkeys(names) if name]
    return [path for name in paths for path in candidates(name + ".py", near)]


def lineage(texts, cwd, others):
    """Other runs out of whose folders a text names something: warm-up checkpoints, merged models."""
    found = []
    for word in dict.fromkeys(word for text in texts for word in PATH.findall(text)):
        path = os.path.normpath(os.path.join(cwd, os.path.expanduser(word)))
        for run, folders in others.items():
            if any(path == folder or path.startswith(folder + os.sep) for folder in folders) and os.path.exists(path):
                found.append({"run": run, "path": path})
                break
    return found[:20]


def python_of(program, fallback, seconds=15.0):
    """The first Python that the program becomes or starts, as it was called: that of its environment, whatever the script activates."""
    end = time.monotonic() + seconds
    while time.monotonic() < end and os.path.isdir("/proc/%d" % program):
        for pid in [program, *children(program)]:
            words = (read_text("/proc/%d/cmdline" % pid) or "").split("\0")
            if re.fullmatch(r"python[\d.]*", os.path.basename(words[0])):
                return absolute(words[0], pid) or fallback
        time.sleep(0.2)
    return fallback


def children(program):
    """Pids below a process, its own children first."""
    found, waiting = [], [program]
    while waiting:
        pid = waiting.pop(0)
        more = [int(word) for word in (read_text("/proc/%d/task/%d/children" % (pid, pid)) or "").split()]
        found += more
        waiting += more
    return found


def absolute(word, pid):
    if os.path.isabs(word):
        return word
    environ = (read_text("/proc/%d/environ" % pid) or "").split("\0")
    path = next((entry[5:] for entry in environ if entry.startswith("PATH=")), "")
    places = [os.path.join(folder, word) for folder in path.split(os.pathsep)]
    if "/" in word:
        places = [os.path.join(os.path.realpath("/proc/%d/cwd" % pid), word)]
    return next((place for place in places if os.access(place, os.X_OK)), None)


def packages_of(python):
    """Name and version of everything that is installed for this Python, read from its metadata, nothing imported."""
    return json.loads(output([python, "-c", VERSIONS], 60.0) or "{}")


def write(place, record):
    try:
        replace_file(os.path.join(place, "met.json"), json.dumps(record, indent=1))
    except OSError:
        pass  # a full disk: the run matters more than what it met
