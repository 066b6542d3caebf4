"""The one program on a machine that runs things: starts runs, watches over them, tells what is known of them.

A run is a folder. It is written aside and renamed into place by the process that will watch over it, which by then
hangs from nothing of ours: whoever is killed at whatever moment, the run is absent or whole, and never there twice.
Standard library only, Python 3.9 or newer; with the folder `onhost` beside it, so that both are copied to a host as they are.
"""

import sys


def main(words):
    if words[:1] == ["watch"]:
        from onhost.watch import watch

        return watch(words[1], "fork" in words[2:])
    if words[:1] == ["job"]:
        from onhost.job import run_job

        return run_job(words[1])
    if words[:1] == ["serve"]:
        from onhost.serve import serve

        return serve()
    print("usage: host.py serve", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
