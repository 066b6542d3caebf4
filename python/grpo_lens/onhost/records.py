"""What a table of completions needs of a big file on a host, without its texts: where rows are, and plain values."""

import base64
import json
import math
import os
import stat
import sys
import time
import zlib
from array import array

from onhost.files import Trouble

PIECE = 8 << 20
SHORT_TEXT = 200


def index(ask):
    """Lines behind an offset, as long as there is time: their lengths in bytes and, if asked, the plain values in them.

    `lengths` is a packed list of 32-bit numbers, one a line with its end; half a last line waits. `values` holds each
    key's values: `numbers` is a packed list of doubles, `words` the lines at which something else stands.
    """
    path = os.path.expanduser(ask["path"])
    offset, until = int(ask["offset"]), time.monotonic() + float(ask.get("seconds") or 0.3)
    lengths, values, bad = array("I"), {}, []
    with open_plain(path) as file:
        info = os.fstat(file.fileno())
        while True:
            lines = whole_lines(file, offset, info.st_size)
            for line in lines:
                if ask.get("values") and len(line) > 2 and not take_values(line, len(lengths), ask, values):
                    bad.append(len(lengths))
                lengths.append(len(line))
            offset += sum(map(len, lines))
            if not lines or time.monotonic() > until:
                break
    count = len(lengths)
    return {
        "offset": offset,
        "size": info.st_size,
        "file": "%d:%d" % (info.st_dev, info.st_ino),
        "lengths": packed(little(lengths).tobytes()),
        "values": {key: column(each, count) for key, each in values.items()},
        "bad": bad,
    }


def open_plain(path):
    try:
        file = open(path, "rb", buffering=0)
    except OSError as error:
        raise Trouble("missing", "%s could not be read: %s." % (path, error.strerror)) from error
    if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
        file.close()
        raise Trouble("bad-input", "%s is no plain file." % path)
    return file


def whole_lines(file, offset, size):
    """Lines from an offset with their ends, a piece of the file full; a line longer than a piece is read whole."""
    wanted = PIECE
    while True:
        file.seek(offset)
        data = file.read(wanted)
        end = data.rfind(b"\n") + 1
        if end or offset + len(data) >= size or len(data) < wanted:
            return data[:end].splitlines(True) if b"\r" not in data[:end] else ended(data[:end])
        wanted *= 2


def ended(data):
    """`splitlines` would also split at a carriage return."""
    return [line + b"\n" for line in data.split(b"\n")[:-1]]


def take_values(line, at, ask, values):
    """False where the line is no JSON object.

    `skip`: keys that are not wanted, `inner`: an object that is opened, `lengthOf`: a text of which the length is told.
    """
    try:
        record = json.loads(line.lstrip(b"\xef\xbb\xbf"))
    except (ValueError, RecursionError):
        return False
    if not isinstance(record, dict):
        return False
    inner = record.pop(ask.get("inner") or "", None)
    for key, value in [*record.items(), *(inner.items() if isinstance(inner, dict) else ())]:
        if key == ask.get("lengthOf"):
            text = value if isinstance(value, str) else json.dumps(value)
            value = len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2
        elif key in ask.get("skip", ()) or isinstance(value, (dict, list)):
            continue
        if not isinstance(value, str) or len(value) <= SHORT_TEXT:
            values.setdefault(key, []).append((at, value))
    return True


def column(pairs, count):
    numbers, words = array("d", [math.nan]) * count, []
    for at, value in pairs:
        value = as_double(value) if isinstance(value, int) and not isinstance(value, bool) else value
        if isinstance(value, float) and math.isfinite(value):
            numbers[at] = value
        else:
            words.append((at, str(value) if isinstance(value, float) else value))
    return {"numbers": packed(little(numbers).tobytes()), "words": packed(json.dumps(words).encode())}


def as_double(number):
    try:
        return float(number)
    except OverflowError:
        return math.inf if number > 0 else -math.inf


def little(numbers):
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers


def packed(data):
    return base64.b64encode(zlib.compress(data, 1)).decode()


def search(ask):
    """Offsets of the lines that have a text in one of `keys`, from an offset on, as long as there is time.

    `forms` are the ways in which the text may be written in the file; only lines with one of them are understood.
    """
    path = os.path.expanduser(ask["path"])
    offset, until = int(ask["offset"]), time.monotonic() + float(ask.get("seconds") or 0.5)
    forms = [form.encode("utf-8", "surrogatepass") for form in ask["forms"] if form]
    hits, done = [], False
    with open_plain(path) as file:
        end = min(os.fstat(file.fileno()).st_size, int(ask["end"]))
        while not done and time.monotonic() < until:
            lines = whole_lines(file, offset, end)
            for line in lines:
                if any(form in line for form in forms) and stands_in(line, ask["needle"], ask["keys"]):
                    hits.append(offset)
                offset += len(line)
            done = not lines or offset >= end
    return {"hits": hits, "offset": offset, "done": done}


def label(ask):
    """Appends a record to `labels.jsonl` in a run's folder: what a person said of one of its completions."""
    folder = os.path.expanduser(ask["folder"])
    line = json.dumps(ask["record"], ensure_ascii=False) + "\n"
    try:
        with open(os.path.join(folder, "labels.jsonl"), "ab") as file:
            file.write(line.encode("utf-8", "backslashreplace"))
    except OSError as error:
        raise Trouble("refused", "The label could not be kept in %s: %s." % (folder, error.strerror)) from error


def stands_in(line, needle, keys):
    try:
        record = json.loads(line.lstrip(b"\xef\xbb\xbf"))
    except (ValueError, RecursionError):
        return True
    values = [record.get(key) for key in keys] if isinstance(record, dict) else [record]
    texts = [value if isinstance(value, str) else json.dumps(value, ensure_ascii=False) for value in values]
    return any(needle in text for text in texts)
