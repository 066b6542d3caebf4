"""The Runner's methods over standard input and output; started by the editor or the command line."""

from __future__ import annotations

import os
import sys
from collections import OrderedDict

from . import authority, find, leftovers
from .limits import Limits
from .prints import Prints
from .problem import Problem
from .rows import Rows
from .trace import diverge, explain, run
from .wire import Wire

_KEPT = 4


class Data:
    """The columns that were sent, the last few of them."""

    def __init__(self) -> None:
        self._sent: OrderedDict[str, Rows] = OrderedDict()

    def keep(self, args: dict, _cancelled) -> dict:
        rows = Rows(args["columns"], args.get("conversational", False))
        self._sent[args["id"]] = rows
        while len(self._sent) > _KEPT:
            self._sent.popitem(last=False)
        return {"rows": rows.size}

    def get(self, id: str) -> Rows:
        if id not in self._sent:
            raise Problem("missing", f'The samples "{id}" were not sent, or are no longer kept; send them again.')
        self._sent.move_to_end(id)
        return self._sent[id]


def main(progress: str | None = None) -> None:
    wire = Wire()
    data, limits, prints = Data(), Limits(wire.crashes, progress), Prints(wire.spilled)

    def found(args: dict, _cancelled) -> dict:
        return find.find(args["source"], args["path"])

    def prepared(args: dict, cancelled) -> dict:
        with leftovers.cleared():
            return explain.prepare(args, authority.Around(limits, prints, wire.tell, cancelled))

    def calling(method):
        def answer(args: dict, cancelled) -> dict:
            try:
                with leftovers.cleared():
                    return method(args, data.get(args["data"]), authority.Around(limits, prints, wire.tell, cancelled))
            finally:
                limits.rest()
                prints.report(wire.tell)

        return answer

    wire.tell("ready", {"python": sys.version.split()[0], "pid": os.getpid()})
    named = {"score": authority.score, "run": run.run, "explain": explain.explain, "diverge": diverge.diverge}
    calls = {name: calling(method) for name, method in named.items()}
    wire.serve({"find": found, "data": data.keep, "idle": lambda *_: None, "prepare": prepared, **calls})


if __name__ == "__main__":
    main(*sys.argv[1:2])
