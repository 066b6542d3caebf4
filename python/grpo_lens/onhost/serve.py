"""Is asked, and answers: one JSON object a line, both ways, each question in a thread of its own."""

import errno
import json
import os
import shutil
import sys
import threading
import time

from onhost import Refused, records
from onhost.adopt import adopt
from onhost.facts import facts
from onhost.files import Trouble, modified
from onhost.machine import host, python
from onhost.places import FULL, home, runs_folder
from onhost.reading import entries, read
from onhost.starting import launch
from onhost.stopping import stop

METHODS = {
    "launch": launch,
    "facts": facts,
    "stop": stop,
    "read": read,
    "entries": entries,
    "index": records.index,
    "search": records.search,
    "label": records.label,
    "adopt": adopt,
    "host": host,
    "python": python,
}


def serve():
    os.umask(0o077)
    sweep()
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    lock = threading.Lock()
    for line in sys.stdin.buffer:
        try:
            message = json.loads(line)
        except ValueError:
            continue
        if "id" in message and "method" in message:
            threading.Thread(target=answer, args=(message, out, lock), daemon=True).start()
    return 0


def answer(message, out, lock):
    reply = {"jsonrpc": "2.0", "id": message["id"]}
    try:
        reply["result"] = METHODS[message["method"]](message.get("params") or {})
    except Trouble as trouble:
        reply["error"] = {
            "code": -32000,
            "message": str(trouble),
            "data": {"code": trouble.code, "message": str(trouble)},
        }
    except Refused as refused:
        reply["error"] = {"code": -32000, "message": str(refused), "data": {"code": "refused", "message": str(refused)}}
    except OSError as error:
        full = error.errno in (errno.ENOSPC, errno.EDQUOT)
        text = FULL.format(home()) if full else "The host refused: %s." % error
        reply["error"] = {"code": -32000, "message": text, "data": {"code": "refused", "message": text}}
    except Exception as error:
        reply["error"] = {"code": -32603, "message": "%s: %s" % (type(error).__name__, error)}
    data = json.dumps(reply).encode() + b"\n"
    with lock:
        try:
            out.write(data)
            out.flush()
        except OSError:
            os._exit(0)  # nobody listens any more


def sweep():
    """Removes what killed starts left aside more than an hour ago."""
    old = time.time() - 3600
    try:
        names = [name for name in os.listdir(runs_folder()) if name.startswith(".new-")]
    except OSError:
        return
    for name in names:
        path = os.path.join(runs_folder(), name)
        if (modified(path) or old) < old:
            shutil.rmtree(path, ignore_errors=True)
