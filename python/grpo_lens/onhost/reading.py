"""Bytes of files and names in folders."""

import base64
import errno
import os
import stat
import time

from onhost.files import Trouble

READ_LIMIT = 1 << 20


def read(ask):
    """Bytes of a file from an offset (negative: from its end); waits up to `wait` seconds for more than nothing."""
    path = os.path.expanduser(ask["path"])
    limit = min(int(ask.get("limit") or READ_LIMIT), READ_LIMIT)
    began = time.monotonic()
    end = began + float(ask.get("wait") or 0)
    while True:
        answer = read_once(path, int(ask["offset"]), limit)
        changed = answer["data"] or answer["file"] != ask.get("file", answer["file"]) or answer["size"] < ask["offset"]
        if changed or time.monotonic() >= end:
            return answer
        time.sleep(0.02 if time.monotonic() - began < 1 else 0.1)


def read_once(path, offset, limit):
    try:
        with open(path, "rb", buffering=0) as file:
            info = os.fstat(file.fileno())
            if not stat.S_ISREG(info.st_mode):
                raise Trouble("bad-input", "%s is no plain file." % path)
            start_at = max(0, info.st_size + offset) if offset < 0 else offset
            file.seek(start_at)
            data = file.read(limit) if start_at < info.st_size else b""
    except OSError as error:
        if error.errno in (errno.ENOENT, errno.ENOTDIR):
            return {"data": "", "offset": max(0, offset), "size": 0, "file": ""}
        raise Trouble("refused", "%s could not be read: %s." % (path, error.strerror)) from error
    name = "%d:%d" % (info.st_dev, info.st_ino)
    return {"data": base64.b64encode(data).decode(), "offset": start_at, "size": info.st_size, "file": name}


def entries(ask):
    """What stands in a folder: name, whether it is a folder, bytes, time of change."""
    path = os.path.expanduser(ask["path"])
    try:
        with os.scandir(path) as found:
            return [entry_of(entry) for entry in found]
    except OSError as error:
        raise Trouble("missing", "The folder %s could not be read: %s." % (path, error.strerror)) from error


def entry_of(entry):
    info = entry.stat(follow_symlinks=False)
    return {"name": entry.name, "folder": entry.is_dir(), "bytes": info.st_size, "changedAt": info.st_mtime}
