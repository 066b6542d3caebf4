"""Files as everything on a host reads and writes them, and the programs that are asked."""

import json
import os
import signal
import subprocess
import threading
import time

#: Who we are: `launcher`, or `watcher` in the process that was let go.
role = "launcher"
_operations = 0
#: The longest that a watching process and whoever starts it wait for each other.
START_SECONDS = 20.0


class Trouble(Exception):
    """The world said no: becomes a problem with one plain sentence on the other side."""

    def __init__(self, code, message):
        super().__init__(message)
        self.code = code


def operation():
    """Counts operations on files; tests name one at which something ends. A watcher's side threads do not count."""
    global _operations
    if role == "watcher" and threading.current_thread() is not threading.main_thread():
        return
    _operations += 1
    if os.environ.get("GRPO_LENS_FAULT") == "%s:%d" % (role, _operations):
        fault(os.environ.get("GRPO_LENS_FAULT_OF"))


def fault(of):
    """For tests: this process is killed; or its parent, which is an extension host; or that and its parent, which is an
    editor; or nothing is, but a sign is given and there is time to kill from outside."""
    if of == "pause":
        with open(os.path.join(os.environ.get("GRPO_LENS_HOME", "."), "paused"), "w"):
            time.sleep(1)
        return
    parent = os.getppid()
    ends = [os.getpid()] if of is None else [parent]
    if of == "parents":
        ends.insert(0, int(output(["ps", "-o", "ppid=", "-p", str(parent)]) or parent))
    for pid in ends:
        os.kill(pid, signal.SIGKILL)


def write_file(path, data, mode=0o600):
    if isinstance(data, str):
        data = data.encode("utf-8", "surrogateescape")
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    try:
        while data:
            data = data[os.write(handle, data) :]
        os.fsync(handle)
    finally:
        os.close(handle)
    operation()


def replace_file(path, data):
    write_file(path + ".new", data)
    os.replace(path + ".new", path)
    operation()


def reserve(path, most):
    """Takes the room now that `fill` needs, so that a full disk later cannot swallow what is to be said."""
    write_file(path + ".new", " " * (most - 1) + "\n")


def fill(path, data):
    """Replaces a file by what was reserved beside it: no room is asked for, whatever a program has filled meanwhile."""
    with open(path + ".new", "r+b") as file:
        file.write(data.encode().ljust(os.fstat(file.fileno()).st_size - 1))
        file.flush()
        os.fsync(file.fileno())
    os.replace(path + ".new", path)
    operation()


def read_text(path):
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.read()
    except OSError:
        return None


def read_json(path):
    text = read_text(path)
    try:
        return None if text is None else json.loads(text)
    except ValueError:
        return None


def output(command, seconds=10.0):
    """Standard output of a command; None where it is not there, fails, or takes too long."""
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=seconds, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.decode("utf-8", "replace") if done.returncode == 0 else None


def size(path):
    try:
        return os.stat(path).st_size
    except OSError:
        return 0


def modified(path):
    try:
        return os.stat(path).st_mtime
    except OSError:
        return None
