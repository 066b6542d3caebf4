"""The kernel's methods over standard input and output; started by the editor."""

from __future__ import annotations

import os
import signal
import sys

from ..wire import Wire
from .session import Session
from .streams import Streams


def main() -> None:
    wire = Wire()
    streams = Streams(wire.tell)
    session = Session(wire.tell, streams)
    signal.signal(signal.SIGINT, session.interrupt)
    wire.tell("ready", {"python": sys.version.split()[0], "pid": os.getpid()})
    wire.serve({"execute": session.execute, "samples": session.keep, "ownSamples": session.own})


if __name__ == "__main__":
    main()
