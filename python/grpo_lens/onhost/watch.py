"""The process that was let go: starts the program, watches over it, ends it when asked, writes how it ended."""

import json
import os
import select
import shutil
import signal
import subprocess
import threading
import time

from onhost import beside, files
from onhost.ending import stop_tree
from onhost.files import Trouble, fill, write_file
from onhost.places import run_folder
from onhost.processes import mark
from onhost.settle import handle_of, settle


def watch(box, fork):
    files.role = "watcher"
    if fork and os.fork() > 0:
        os._exit(0)
    if os.getsid(0) != os.getpid():
        try:
            os.setsid()
        except OSError:
            pass  # tmux and systemd have made us leader of a group already
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    signal.signal(signal.SIGUSR1, lambda *_: None)  # asked to stop before there is a program: the file `stop` says so
    os.umask(0o077)
    ask = receive(os.path.join(box, "ask"))
    if ask is None:
        return 1
    write_file(os.path.join(box, "watcher"), json.dumps(mark(os.getpid())))
    try:
        place = settle(ask)
    except Trouble as trouble:
        write_file(os.path.join(box, "error"), json.dumps({"code": trouble.code, "message": str(trouble)}))
        return 1
    shutil.rmtree(box, ignore_errors=True)
    return 0 if place is None else Watch(ask, place).run()


def receive(pipe):
    """The request, or None where the asker went away before it had said all of it."""
    end = time.monotonic() + files.START_SECONDS
    handle = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    data = b""
    try:
        while time.monotonic() < end:
            select.select([handle], [], [], 0.05)
            try:
                more = os.read(handle, 1 << 16)
            except BlockingIOError:
                continue
            if not more and data:
                break
            if not more:
                time.sleep(0.005)
            data += more
    finally:
        os.close(handle)
    head, _, body = data.partition(b"\n")
    return json.loads(body) if head.isdigit() and len(body) == int(head) else None


class Watch:
    """Starts the program, samples the GPUs while it runs, ends it when asked, and writes how it ended."""

    def __init__(self, ask, place):
        self.ask = ask
        self.place = place
        self.stopping = threading.Event()
        self.ended = threading.Event()
        self.code = 127

    def run(self):
        signal.signal(signal.SIGUSR1, lambda *_: self.stopping.set())
        program = self.start()
        if program is None:
            return 1
        signal.signal(signal.SIGTERM, lambda *_: self.pass_on(program))
        self.note_program(program.pid)
        threading.Thread(target=beside.sample_gpus, args=(self.place, self.ended), daemon=True).start()
        describing = threading.Thread(target=self.describe, args=(program.pid,), daemon=True)
        describing.start()
        threading.Thread(target=beside.note_growth, args=(self.place, self.ended), daemon=True).start()
        stopper = threading.Thread(target=self.stop_when_asked, args=(program.pid,), daemon=True)
        stopper.start()
        code = program.wait()
        self.code = 128 - code if code < 0 else code
        self.write_exit(self.code)
        self.ended.set()
        if self.stopping.is_set():
            stopper.join()
        elif self.code != 0:
            describing.join(10)  # what it met is asked for most where it failed
        return 0

    def note_program(self, program):
        """Where even reserved room fails (a disk that copies on writing), watching over the program matters more."""
        try:
            fill(os.path.join(self.place, "handle"), json.dumps(handle_of(self.ask, program)))
        except OSError:
            pass

    def describe(self, program):
        self.ended.wait(0.3)  # the program comes first
        beside.describe(self.place, self.ask, program)

    def start(self):
        env = dict(self.ask["env"])
        env.update(GRPO_LENS_RUN=self.ask["id"], GRPO_LENS_ATTEMPT=str(self.ask.get("attempt", 1)))
        env["GRPO_LENS_INPUTS"] = os.path.join(run_folder(self.ask["id"]), "inputs")
        env.setdefault("PYTHONUNBUFFERED", "1")
        shell = [shutil.which("bash") or "/bin/sh", *(["-l"] if self.ask.get("login") else [])]
        log = open(os.path.join(self.place, "log.txt"), "ab", buffering=0)
        try:
            return subprocess.Popen(
                [*shell, os.path.join(self.place, "script.sh")],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=env,
                start_new_session=True,
            )
        except (OSError, ValueError) as error:
            log.write(("The script could not be started: %s\n" % error).encode())
            self.write_exit(127)
            return None
        finally:
            log.close()

    def pass_on(self, program):
        if program.poll() is None:
            program.send_signal(signal.SIGTERM)

    def stop_when_asked(self, program):
        while not self.ended.is_set() or self.stopping.is_set():
            if self.stopping.wait(0.5) or os.path.exists(os.path.join(self.place, "stop")):
                self.stopping.set()
                stop_tree(self.place, program, self.ask["id"])
                return

    def write_exit(self, code):
        while True:
            try:
                fill(os.path.join(self.place, "exit"), str(code))
                return
            except FileNotFoundError:
                return
            except OSError:
                time.sleep(2)
