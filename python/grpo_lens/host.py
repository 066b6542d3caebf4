"""The one program on a machine that runs things: starts runs, watches over them, tells what is known of them.

A run is a folder. It is written aside and renamed into place by the process that will watch over it, which by then
hangs from nothing of ours: whoever is killed at whatever moment, the run is absent or whole, and never there twice.
Standard library only, Python 3.9 or newer; with the folder `onhost` beside it, so that both are copied to a host as they are.
"""

import base64
import errno
import fcntl
import importlib
import json
import os
import re
import select
import shutil
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import threading
import time

from onhost import Refused, files, record, records
from onhost.files import Trouble, operation, output, read_json, read_text, replace_file, write_file

FORM = 1
ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
READ_LIMIT = 1 << 20
START_SECONDS = 20.0
DROPPED = re.compile(r"GRPO_LENS_|VSCODE_|ELECTRON_|SSH_|TMUX|STY$|INVOCATION_ID$|JOURNAL_STREAM$|OLDPWD$|_$")
FULL = "The disk that holds {0} is full: free some space there, then start again."


# Places


def home():
    return os.environ.get("GRPO_LENS_HOME") or os.path.join(os.path.expanduser("~"), ".grpo-lens")


def runs_folder():
    return os.path.join(home(), "runs")


def run_folder(run):
    if not isinstance(run, str) or not ID.fullmatch(run):
        raise Trouble("bad-input", "A run's id is letters, digits, dots and dashes; %r is not." % (run,))
    return os.path.join(runs_folder(), run)


def attempts_of(folder):
    """Numbers of the attempts, ascending."""
    try:
        return sorted(int(name) for name in os.listdir(os.path.join(folder, "attempts")) if name.isdigit())
    except OSError:
        return []


def attempt_folder(folder, attempt):
    return os.path.join(folder, "attempts", str(attempt))


# Processes


def boot_id():
    text = os.environ.get("GRPO_LENS_BOOT") or read_text("/proc/sys/kernel/random/boot_id")
    if text is None:
        text = output(["sysctl", "-n", "kern.boottime"]) or "unknown"
    return text.strip()


def stat_of(pid):
    """(name, parent, session, start) of a living process, by /proc; None where there is none."""
    text = read_text("/proc/%d/stat" % pid)
    if not text:
        return None
    name, _, rest = text.partition("(")[2].rpartition(")")
    fields = rest.split()
    if fields[0] in "ZX":
        return None
    return name, int(fields[1]), int(fields[3]), fields[19]


def started(pid):
    """When a process started, in the system's own words; '' where there is no such process."""
    if os.path.isdir("/proc/self"):
        found = stat_of(pid)
        return found[3] if found else ""
    return (output(["ps", "-o", "lstart=", "-p", str(pid)]) or "").strip()


def processes():
    """Every living process: pid → (name, parent, session)."""
    if os.path.isdir("/proc/self"):
        found = ((int(name), stat_of(int(name))) for name in os.listdir("/proc") if name.isdigit())
        return {pid: seen[:3] for pid, seen in found if seen}
    table = {}
    for line in (output(["ps", "-axo", "pid=,ppid=,pgid=,comm="]) or "").splitlines():
        pid, parent, group, name = line.split(None, 3)
        table[int(pid)] = (os.path.basename(name), int(parent), int(group))
    return table


def mark(pid):
    return {"pid": pid, "start": started(pid), "boot": boot_id()}


def is_alive(known):
    """Whether the very process that was noted is there: same pid, same start, same boot."""
    if not is_mark(known) or not known["start"]:
        return False
    return known["boot"] == boot_id() and known["start"] == started(known["pid"])


def is_mark(value):
    return isinstance(value, dict) and isinstance(value.get("pid"), int) and {"start", "boot"} <= set(value)


def carries(pid, sign):
    """Whether the process got our sign in its environment when it started."""
    try:
        with open("/proc/%d/environ" % pid, "rb") as file:
            return sign in file.read().split(b"\0")
    except OSError:
        return False


def tree(program, run):
    """Pids of the program and of everything that came from it: its session, its descendants, whoever carries our sign."""
    table = processes()
    sign = ("GRPO_LENS_RUN=%s" % run).encode()
    members = {pid for pid, (_, _, session) in table.items() if session == program}
    members |= {program} & set(table)
    members |= {pid for pid in table if pid not in members and carries(pid, sign)}
    while True:
        more = {pid for pid, (_, parent, _) in table.items() if parent in members} - members
        if not more:
            break
        members |= more
    members -= {os.getpid(), os.getppid(), 1}
    return {pid: table[pid][0] for pid in members}


def ancestors(pid):
    table = None if os.path.isdir("/proc/self") else processes()
    chain = []
    while pid > 1 and pid not in chain:
        seen = stat_of(pid) if table is None else table.get(pid)
        if seen is None:
            break
        chain.append(pid)
        pid = seen[1]
    return chain


# Starting


def launch(ask):
    """Starts a run, or one more attempt at it. Asked again for what is there already, it tells what is there."""
    folder = run_folder(ask["id"])
    attempt = int(ask.get("attempt", 1))
    place = attempt_folder(folder, attempt)
    if attempt > 1:
        check_ended(folder, attempt)
    if ask.get("scheduler"):
        schedule(ask, place)
    elif not os.path.exists(place):
        start(ask, place)
    handle = read_json(os.path.join(place, "handle")) or {}
    return {"run": fresh_facts(ask["id"]), "how": handle.get("how"), "detached": is_detached(handle)}


def check_ended(folder, attempt):
    before = attempts_of(folder)
    if not before:
        raise Trouble("missing", "There is no run %s here." % os.path.basename(folder))
    known = read_json(os.path.join(folder, "launch.json")) or {}
    if known.get("form", FORM) > FORM:
        raise Trouble("unsupported", "This run was written by a newer GRPO Lens: update it here to resume the run.")
    if attempt != before[-1] and attempt != before[-1] + 1:
        raise Trouble("exists", "Someone else has resumed this run meanwhile: look again.")
    if attempt == before[-1] + 1 and is_going(folder, before[-1]):
        raise Trouble("exists", "The run is still going: stop it before resuming it.")


def is_going(folder, attempt):
    place = attempt_folder(folder, attempt)
    told = scheduled_facts(place)
    if told is not None:
        waits = not os.path.exists(os.path.join(place, "started"))
        if waits and os.path.exists(os.path.join(place, "stop")):
            return False  # it ends as soon as it starts
        tell_scheduled([told])
        return told["state"] in ("queued", "running", None) and read_text(os.path.join(place, "exit")) is None
    over = os.path.exists(os.path.join(place, "exit"))
    return not over and any(is_alive(seen) for seen in marks_of(place))


def start(ask, place):
    box = tempfile.mkdtemp(prefix="grpo-lens-")
    operation()
    try:
        pipe = os.path.join(box, "ask")
        os.mkfifo(pipe, 0o600)
        operation()
        env = {key: value for key, value in os.environ.items() if not DROPPED.match(key)}
        ask = dict(ask, env={**env, **ask.get("env", {}), **ask.get("secrets", {})}, secrets=None)
        ask["how"] = detach(box, ask)
        send(pipe, json.dumps(ask).encode())
        await_start(box, place)
    finally:
        shutil.rmtree(box, ignore_errors=True)


def detach(box, ask):
    """Starts the watching process by the first way that is there; gives the way's name."""
    command = [sys.executable, "-E", "-S", os.path.abspath(__file__), "watch", box]
    wish = ask.get("detach")
    ways = [wish] if wish else ["systemd", "tmux", "setsid"]
    unit = "grpo-%s-%s" % (ask["id"].replace(".", "_"), ask.get("attempt", 1))
    for way in ways:
        if way == "systemd" and lingers():
            line = ["systemd-run", "--user", "--quiet", "--collect", "--unit=" + unit, *passed(), *command]
            if output(line) is not None:
                return "systemd"
        if way == "tmux" and shutil.which("tmux"):
            words = " ".join(quoted(word) for word in ["env", *assignments(), *command])
            if output(["tmux", "new-session", "-d", "-s", unit, "exec " + words]) is not None:
                return "tmux"
        if way == "setsid":
            subprocess.Popen([*command, "fork"], **SILENT).wait()
            return "setsid"
    raise Trouble("unsupported", "This host has no %s to start a run with." % wish)


SILENT = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}


def own_variables():
    return {key: value for key, value in os.environ.items() if key.startswith("GRPO_LENS_")}


def assignments():
    return ["%s=%s" % pair for pair in own_variables().items()]


def passed():
    return ["--setenv=" + pair for pair in assignments()]


def quoted(word):
    return "'" + word.replace("'", "'\\''") + "'"


def lingers():
    """Whether the user's own systemd is there and stays when the user logs out."""
    if not os.path.isdir("/run/systemd/system"):
        return False
    user = output(["loginctl", "show-user", str(os.getuid()), "--property=Linger"])
    return (
        user is not None
        and user.strip() == "Linger=yes"
        and output(["systemctl", "--user", "show-environment"]) is not None
    )


def send(pipe, data):
    """Writes the request once someone reads it, so that nothing of it is ever on a disk."""
    end = time.monotonic() + START_SECONDS
    while True:
        try:
            handle = os.open(pipe, os.O_WRONLY | os.O_NONBLOCK)
            break
        except OSError as error:
            if error.errno != errno.ENXIO or time.monotonic() > end:
                raise Trouble(
                    "timeout", "The run's watching process did not start within %d s." % START_SECONDS
                ) from error
            time.sleep(0.005)
    os.set_blocking(handle, True)
    with os.fdopen(handle, "wb") as file:
        file.write(b"%d\n" % len(data) + data)
    operation()


def receive(pipe):
    """The request, or None where the asker went away before it had said all of it."""
    end = time.monotonic() + START_SECONDS
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


def await_start(box, place):
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        if os.path.exists(place):
            return
        error = read_json(os.path.join(box, "error"))
        if error:
            raise Trouble(error["code"], error["message"])
        watcher = read_json(os.path.join(box, "watcher"))
        if watcher and not is_alive(watcher) and not os.path.exists(place):
            raise Trouble("refused", "The process that starts the run was killed: try again.")
        time.sleep(0.005)
    raise Trouble("timeout", "The run did not start within %d s." % START_SECONDS)


def is_detached(handle):
    """Whether the watching process hangs neither from us nor from whoever started us."""
    if not handle:
        return False
    ours = {os.getpid(), os.getppid()} - {1}
    return handle.get("watcher") is None or not ours & set(ancestors(handle["watcher"]["pid"])[1:])


# Watching: what follows runs in the process that was let go


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


def settle(ask):
    """Writes the folder aside and renames it into place; None where someone else was first."""
    folder = run_folder(ask["id"])
    attempt = int(ask.get("attempt", 1))
    os.makedirs(runs_folder(), mode=0o700, exist_ok=True)
    aside = os.path.join(runs_folder(), ".new-%s-%d" % (ask["id"], os.getpid()))
    try:
        if attempt == 1:
            write_run(aside, ask)
            os.rename(aside, folder)
        else:
            write_attempt(aside, ask)
            os.rename(aside, attempt_folder(folder, attempt))
        operation()
    except OSError as error:
        shutil.rmtree(aside, ignore_errors=True)
        if error.errno in (errno.ENOTEMPTY, errno.EEXIST):
            return None
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise Trouble("refused", FULL.format(runs_folder())) from error
        raise Trouble("refused", "The run's folder could not be written: %s." % error) from error
    return attempt_folder(folder, attempt)


def write_run(aside, ask):
    os.makedirs(os.path.join(aside, "attempts", "1"), mode=0o700)
    os.makedirs(os.path.join(aside, "notes"), mode=0o700)
    operation()
    write_file(os.path.join(aside, "launch.json"), json.dumps(ask["launch"], indent=1) + "\n")
    for copy in ask.get("inputs", []):
        os.makedirs(os.path.join(aside, "inputs"), mode=0o700, exist_ok=True)
        write_file(os.path.join(aside, "inputs", os.path.basename(copy["name"])), copy["text"])
    write_attempt(os.path.join(aside, "attempts", "1"), ask)


def write_attempt(place, ask):
    os.makedirs(place, mode=0o700, exist_ok=True)
    write_file(os.path.join(place, "script.sh"), ask["script"], 0o700)
    write_file(os.path.join(place, "log.txt"), "")
    # Room for the exit status is taken now, so that a full disk later cannot swallow it.
    write_file(os.path.join(place, "exit.new"), " " * 15 + "\n")
    if ask.get("scheduler"):
        write_order(place, ask)
    write_file(os.path.join(place, "handle"), json.dumps(handle_of(ask, None)))


def handle_of(ask, program):
    return {
        "how": ask["how"],
        "host": socket.gethostname(),
        "at": time.time(),
        "watcher": None if ask.get("scheduler") else mark(os.getpid()),
        "program": None if program is None else mark(program),
    }


class Watch:
    """Starts the program, samples the GPUs while it runs, ends it when asked, and writes how it ended."""

    def __init__(self, ask, place):
        self.ask = ask
        self.place = place
        self.stopping = threading.Event()
        self.ended = threading.Event()
        self.code = 127

    def run(self):
        program = self.start()
        if program is None:
            return 1
        signal.signal(signal.SIGUSR1, lambda *_: self.stopping.set())
        signal.signal(signal.SIGTERM, lambda *_: self.pass_on(program))
        replace_file(os.path.join(self.place, "handle"), json.dumps(handle_of(self.ask, program.pid)))
        threading.Thread(target=sample_gpus, args=(self.place, self.ended), daemon=True).start()
        threading.Thread(target=describe, args=(self.place, self.ask, program.pid), daemon=True).start()
        threading.Thread(target=note_growth, args=(self.place, self.ended), daemon=True).start()
        stopper = threading.Thread(target=self.stop_when_asked, args=(program.pid,), daemon=True)
        stopper.start()
        code = program.wait()
        self.code = 128 - code if code < 0 else code
        self.write_exit(self.code)
        self.ended.set()
        if self.stopping.is_set():
            stopper.join()
        return 0

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
        path = os.path.join(self.place, "exit.new")
        while True:
            try:
                with open(path, "r+b") as file:
                    file.write(b"%-15d" % code)
                    file.flush()
                    os.fsync(file.fileno())
                os.replace(path, os.path.join(self.place, "exit"))
                operation()
                return
            except FileNotFoundError:
                return
            except OSError:
                time.sleep(2)


def describe(place, ask, program):
    """Writes beside the attempt what it met, and once more when the program's own Python is known and was asked."""
    launch = ask["launch"]
    cwd = os.path.abspath(os.path.expanduser(launch.get("cwd") or "~"))
    known = [value for name, value in ask["env"].items() if name in launch.get("secrets", ())]
    python = shutil.which("python3", path=ask["env"].get("PATH")) or sys.executable
    try:
        met = {**host({"python": python}), "environment": sorted(ask["env"]), "python": sys.version.split()[0]}
        record.write(place, met)
        met["git"] = record.commit_of(place, cwd, known)
        inputs = os.path.join(run_folder(ask["id"]), "inputs")
        command = [word.replace("{inputs}", inputs) for word in launch["command"]]
        met["sources"] = record.sources(place, command, cwd, known)
        texts = [*command, *launch.get("env", {}).values()]
        texts += [read_text(os.path.join(place, kept["copy"])) or "" for kept in met["sources"]]
        met["from"] = record.lineage(texts, cwd, others(ask["id"], launch.get("outputs")))
        record.write(place, met)
        met["interpreter"] = record.python_of(program, python)
        met["installed"] = record.packages_of(met["interpreter"])
        plain = {re.sub(r"[-_.]+", "_", name).lower(): version for name, version in met["installed"].items()}
        known = {name: plain[name] for name in PACKAGES if name in plain}
        met["packages"] = known or met["packages"]
        record.write(place, met)
    except OSError:
        return  # a full disk, a folder that went away: the run matters more than what it met


def others(run, outputs):
    """Where each other run here, started or adopted, keeps and writes its files, but for where this one writes too."""
    found, own = {}, outputs and os.path.normpath(os.path.expanduser(outputs))
    for name in os.listdir(runs_folder()):
        folder = os.path.join(runs_folder(), name)
        if name == run or not ID.fullmatch(name):
            continue
        launch = read_json(os.path.join(folder, "launch.json")) or {}
        adopted = read_json(os.path.join(folder, "adopted.json")) or {}
        seen = [folder, launch.get("outputs"), adopted.get("folder")]
        places = [os.path.normpath(os.path.expanduser(path)) for path in seen if path]
        found[name] = [path for path in places if path != own]
    return found


GPU_COLUMNS = "timestamp,index,utilization.gpu,utilization.memory,memory.used,memory.total,power.draw,temperature.gpu"


def sample_gpus(place, ended):
    """Writes what nvidia-smi says every 5 s; its pipe breaks, and it ends, when we are gone."""
    command = ["nvidia-smi", "--query-gpu=" + GPU_COLUMNS, "--format=csv,nounits", "-l", "5"]
    try:
        smi = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    except OSError:
        return
    threading.Thread(target=lambda: (ended.wait(), smi.kill()), daemon=True).start()
    with open(os.path.join(place, "gpu.csv"), "ab", buffering=0) as file:
        for line in smi.stdout:
            try:
                file.write(line)
            except OSError:
                continue


def note_growth(place, ended):
    """Notes when the log had how many bytes, often at first, so that the time of what it says can be told later."""
    began = time.time()
    known = None
    with open(os.path.join(place, "grown.csv"), "ab", buffering=0) as file:
        while True:
            over = ended.is_set()
            bytes_now = size(os.path.join(place, "log.txt"))
            try:
                if bytes_now != known:
                    file.write(b"%.2f,%d\n" % (time.time(), bytes_now))
            except OSError:
                pass  # a full disk: what happened matters more than when
            known = bytes_now
            if over:
                return
            ended.wait(max(0.5, (time.time() - began) / 600))


# Ending


def stop(ask):
    """Asks for the end of a run: TERM to its whole tree, KILL after the grace. Tells what was ended by what."""
    folder = run_folder(ask["id"])
    attempts = attempts_of(folder)
    if not attempts:
        raise Trouble("missing", "There is no run %s here." % ask["id"])
    place = attempt_folder(folder, attempts[-1])
    handle = read_json(os.path.join(place, "handle")) or {}
    asked = os.path.exists(os.path.join(place, "stop"))
    if os.path.exists(os.path.join(place, "exit")) or not (is_going(folder, attempts[-1]) or asked):
        return {"run": fresh_facts(ask["id"]), "ended": []}
    grace = float(ask.get("grace", 20))
    try:
        replace_file(
            os.path.join(place, "stop"), json.dumps({"who": ask.get("who"), "at": time.time(), "grace": grace})
        )
    except OSError:
        pass  # a full disk must not keep a run from being stopped
    if scheduled_facts(place) is not None:
        stop_scheduled(place, grace)
        return {"run": fresh_facts(ask["id"]), "ended": read_json(os.path.join(place, "stopped")) or []}
    if is_alive(handle.get("watcher")):
        os.kill(handle["watcher"]["pid"], signal.SIGUSR1)
    elif is_alive(handle.get("program")):
        stop_tree(place, handle["program"]["pid"], ask["id"])
    end = time.monotonic() + grace + 10
    report = None
    while report is None and time.monotonic() < end:
        over = not any(is_alive(seen) for seen in marks_of(place))
        report = read_json(os.path.join(place, "stopped"))
        if over:
            break
        time.sleep(0.05)
    return {"run": fresh_facts(ask["id"]), "ended": report or []}


def stop_tree(place, program, run):
    wish = read_json(os.path.join(place, "stop")) or {}
    end = time.monotonic() + float(wish.get("grace") or 20)
    report = {}
    members = tree(program, run)
    send_all(members, signal.SIGTERM, report)
    while members and time.monotonic() < end:
        time.sleep(0.05)
        members = tree(program, run)
        send_all({pid: name for pid, name in members.items() if pid not in report}, signal.SIGTERM, report)
    for _ in range(50):
        send_all(members, signal.SIGKILL, report)
        time.sleep(0.1)
        members = tree(program, run)
        if not members:
            break
    try:
        replace_file(os.path.join(place, "stopped"), json.dumps(list(report.values())))
    except OSError:
        pass  # the report is lost on a full disk, the end is not


def send_all(members, number, report):
    for pid, name in members.items():
        try:
            os.kill(pid, number)
        except (ProcessLookupError, PermissionError):
            continue
        report[pid] = {"pid": pid, "name": name, "signal": signal.Signals(number).name}


# Scheduled runs: a scheduler starts the watching process, on whatever machine it chooses


def scheduler(name):
    """`submit`, `find`, `look`, `cancel` and `script` of one scheduler."""
    if name not in ("slurm", "ray"):
        raise Trouble("bad-input", "There is no scheduler %r." % (name,))
    return importlib.import_module("onhost." + name)


def schedule(ask, place):
    """Writes the attempt and hands it to the scheduler, once: whoever was killed between the two, asking again goes on."""
    ask = dict(ask, how=ask["scheduler"]["name"])
    scheduler(ask["how"])
    if not os.path.exists(place):
        settle(ask)
    with locked(place):
        if any(os.path.exists(os.path.join(place, name)) for name in ("job", "started", "exit")):
            return
        order = read_json(os.path.join(place, "order.json"))
        chosen = scheduler(order["name"])
        name = job_name(order)
        env = {key: value for key, value in os.environ.items() if not DROPPED.match(key)}
        try:
            job = chosen.find(order, name) or chosen.submit(order, name, place, env)
        except Refused:
            take_back(place, order["attempt"])
            raise
        operation()
        replace_file(os.path.join(place, "job"), json.dumps({"job": job, "at": time.time()}))


def job_name(order):
    return "grpo-%s-%d" % (order["id"], order["attempt"])


def write_order(place, ask):
    """What the job is told, and in a file of its own, which it takes away, the secrets."""
    order = {
        "id": ask["id"],
        "attempt": int(ask.get("attempt", 1)),
        "login": bool(ask.get("login")),
        **ask["scheduler"],
    }
    write_file(os.path.join(place, "order.json"), json.dumps(order))
    final = attempt_folder(run_folder(ask["id"]), order["attempt"])
    words = " ".join(quoted(word) for word in [sys.executable, os.path.abspath(__file__), "job", final])
    write_file(os.path.join(place, "job.sh"), scheduler(order["name"]).script(order, words), 0o700)
    if ask.get("secrets"):
        write_file(os.path.join(place, "secrets"), json.dumps(ask["secrets"]))


def take_back(place, attempt):
    """A job that was refused leaves nothing."""
    whole = os.path.dirname(os.path.dirname(place)) if attempt == 1 else place
    aside = os.path.join(runs_folder(), ".new-refused-%d" % os.getpid())
    os.rename(whole, aside)
    shutil.rmtree(aside, ignore_errors=True)


class locked:
    """One asker at a time, whatever becomes of it."""

    def __init__(self, place):
        self.file = open(os.path.join(place, "order.json"), "rb")

    def __enter__(self):
        fcntl.flock(self.file, fcntl.LOCK_EX)

    def __exit__(self, *_):
        self.file.close()


def run_job(place):
    """The job itself: takes the secrets away, starts the script once, and ends with its status."""
    files.role = "watcher"
    os.umask(0o077)
    order = read_json(os.path.join(place, "order.json"))
    launch = read_json(os.path.join(os.path.dirname(os.path.dirname(place)), "launch.json"))
    secrets = take_secrets(place)
    if os.path.exists(os.path.join(place, "stop")):
        return 143  # the wish to stop came while it waited
    try:
        os.close(os.open(os.path.join(place, "started"), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    except FileExistsError:
        return 0  # handed in twice: the other one runs
    env = {key: value for key, value in os.environ.items() if not key.startswith("GRPO_LENS_")}
    os.environ["GRPO_LENS_HOME"] = os.path.abspath(os.path.join(place, "../../../.."))
    ask = {**order, "how": order["name"], "launch": launch, "env": {**env, **secrets}}
    watch = Watch(ask, place)
    watch.run()
    return watch.code


def take_secrets(place):
    path = os.path.join(place, "secrets")
    secrets = read_json(path) or {}
    try:
        os.unlink(path)
    except FileNotFoundError:
        pass  # there are none, or the job that came first has them
    return secrets


def scheduled_facts(place):
    """What the folder alone tells of a job; None for a run without a scheduler. `state` is None until it was asked for."""
    order = read_json(os.path.join(place, "order.json"))
    if order is None:
        return None
    job = read_json(os.path.join(place, "job")) or {}
    ended = read_json(os.path.join(place, "ended"))
    told = {"name": order["name"], "job": job.get("job"), "state": None, "word": "", "why": "", "place": place}
    if ended is not None:
        told.update(state="ended", word=ended["word"], why=ended["why"])
    return told


LOOK_SECONDS = (1.0, 10.0)
YOUNG_SECONDS = 120.0
_looks = {}


def tell_scheduled(told):
    """Fills in what the schedulers say now, each asked once for all its jobs; how a job ended is asked once for ever."""
    groups = {}
    for one in told:
        place = one.pop("place", None)
        if one["state"] is None and place is not None:
            order = read_json(os.path.join(place, "order.json"))
            groups.setdefault((order["name"], order.get("address")), []).append((one, place, order))
    for key, members in groups.items():
        chosen, order = scheduler(key[0]), members[0][2]
        for one, _, its in members:
            one["job"] = one["job"] or chosen.find(its, job_name(its))
        jobs = sorted(one["job"] for one, _, _ in members if one["job"])
        try:
            words = look_at(key, chosen, order, jobs)
        except Refused as refused:
            for one, *_ in members:
                one["why"] = str(refused)
            continue
        for one, place, _ in members:
            state, one["word"], one["why"] = words.get(one["job"]) or ("gone", "", "")
            one["state"] = state
            if state == "ended" or (state == "gone" and os.path.exists(os.path.join(place, "exit"))):
                take_secrets(place)
                note_end(place, one)


def look_at(key, chosen, order, jobs):
    """Looks again after a second while a job is young, after ten while all are old."""
    at, known, words = _looks.get(key, (0.0, [], {}))
    youngest = min((time.time() - born(job) for job in jobs), default=0.0)
    pace = LOOK_SECONDS[0] if youngest < YOUNG_SECONDS else LOOK_SECONDS[1]
    if known != jobs or time.monotonic() - at >= pace:
        for job in jobs:
            _born.setdefault(job, time.time())
        words = chosen.look(order, jobs) if jobs else {}
        _looks[key] = (time.monotonic(), jobs, words)
    return words


_born = {}


def born(job):
    return _born.get(job, time.time())


def note_end(place, one):
    try:
        replace_file(os.path.join(place, "ended"), json.dumps({"word": one["word"], "why": one["why"]}))
    except OSError:
        pass  # a full disk: it is asked again


def stop_scheduled(place, grace):
    """The watching process ends its tree when it sees the wish; a job that waits, or does not end, is cancelled."""
    order = read_json(os.path.join(place, "order.json"))
    chosen = scheduler(order["name"])
    told = scheduled_facts(place)
    tell_scheduled([told])
    end = time.monotonic() + grace + 5
    while told["state"] == "running" and time.monotonic() < end:
        if os.path.exists(os.path.join(place, "stopped")):
            return
        if os.path.exists(os.path.join(place, "exit")):
            end = min(end, time.monotonic() + 2)
        time.sleep(0.1)
    if os.path.exists(os.path.join(place, "exit")):
        return
    if told["job"]:
        chosen.cancel(order, told["job"])
    take_secrets(place)
    _looks.clear()
    for _ in range(50):
        if not is_going(os.path.dirname(os.path.dirname(place)), order["attempt"]):
            return
        _looks.clear()
        time.sleep(0.2)


# Telling


def marks_of(place):
    return marks_in(read_json(os.path.join(place, "handle")))


def marks_in(handle):
    known = handle if isinstance(handle, dict) else {}
    return [seen for seen in (known.get("watcher"), known.get("program")) if is_mark(seen)]


_ended = {}


def facts_of(run):
    """What is known of one run now; states are made of it elsewhere. A run that has ended is read once."""
    folder = run_folder(run)
    watched = [folder, os.path.join(folder, "attempts"), os.path.join(folder, "launch.json")]
    known = _ended.get(run)
    if known and known[0] == stamp(*watched, known[1]):
        return known[2]
    found = read_facts(run, folder)
    told = found.get("scheduler")
    if found["exit"] is not None and (told is None or told["state"] == "ended"):
        place = attempt_folder(folder, found["attempt"])
        _ended[run] = (stamp(*watched, place), place, found)
    return found


def stamp(*paths):
    """Changes when a file was changed, or something was renamed into one of the folders, as all of ours is."""
    try:
        return [os.stat(path).st_mtime_ns for path in paths]
    except OSError:
        return None


def read_facts(run, folder):
    adopted = read_json(os.path.join(folder, "adopted.json"))
    if adopted is not None:
        return adopted_facts(run, adopted)
    attempts = attempts_of(folder)
    place = attempt_folder(folder, attempts[-1] if attempts else 1)
    exit_text = read_text(os.path.join(place, "exit"))
    handle = read_json(os.path.join(place, "handle")) or {}
    known = marks_in(handle)
    ended = exit_text is not None
    told = scheduled_facts(place)
    return {
        "id": run,
        "folder": folder,
        "launch": read_json(os.path.join(folder, "launch.json")),
        "attempts": len(attempts),
        "attempt": attempts[-1] if attempts else 0,
        "exit": int(exit_text) if ended and exit_text.strip().isdigit() else None,
        "stopAsked": os.path.exists(os.path.join(place, "stop")),
        "how": handle.get("how"),
        "host": handle.get("host"),
        "startedAt": handle.get("at"),
        "endedAt": not_before(handle.get("at"), modified(os.path.join(place, "exit"))) if ended else None,
        "marks": known,
        "seen": [] if ended else [{"pid": m["pid"], "start": started(m["pid"]), "boot": boot_id()} for m in known],
        "log": size(os.path.join(place, "log.txt")),
        **({} if told is None else {"scheduler": told}),
    }


def fresh_facts(run):
    """The facts of one run, its scheduler asked."""
    found = facts_of(run)
    tell_scheduled([found["scheduler"]] if found.get("scheduler") else [])
    return found


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


def not_before(began, ended):
    """A file's time comes from a coarser clock than ours: a very short run would end before it began."""
    return ended if began is None or ended is None else max(began, ended)


def facts(ask):
    """What is known of every run here, or of those with such ids, in one answer."""
    try:
        names = [name for name in os.listdir(runs_folder()) if ID.fullmatch(name)]
    except OSError:
        names = []
    if ask.get("ids") is not None:
        names = [name for name in names if name in ask["ids"]]
    runs = [facts_of(name) for name in sorted(names)]
    tell_scheduled([run["scheduler"] for run in runs if run.get("scheduler")])
    return {"host": socket.gethostname(), "boot": boot_id(), "runs": runs}


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


# Adopted runs: folders that trainings which we did not start write into

SIGNS = re.compile(
    r"trainer_state\.json|args\.json|logging\.jsonl|experiment_log\.jsonl|completions|checkpoint-\d+|global_step_\d+"
)
LOGS = re.compile(r"(stdout|train|training|run|nohup|output|log)\.(log|out|txt)|.*\.log", re.IGNORECASE)


def adopt(ask):
    """Notes an output folder as a run; asked again for the same folder, gives the same run."""
    path = output_folder(os.path.abspath(os.path.expanduser(ask["path"])))
    for name in sorted(os.listdir(runs_folder()) if os.path.isdir(runs_folder()) else []):
        known = read_json(os.path.join(runs_folder(), name, "adopted.json"))
        if known and known.get("folder") == path:
            return facts_of(name)
    run = ask["id"]
    aside = os.path.join(runs_folder(), ".new-%s-%d" % (run, os.getpid()))
    os.makedirs(os.path.join(aside, "notes"), mode=0o700)
    write_file(os.path.join(aside, "adopted.json"), json.dumps({"form": FORM, "folder": path, "at": time.time()}))
    os.rename(aside, run_folder(run))
    return facts_of(run)


def output_folder(path):
    if not os.path.isdir(path):
        raise Trouble("missing", "There is no folder %s." % path)
    inner = [os.path.join(path, name) for name in sorted(os.listdir(path))]
    marked = [folder for folder in inner if os.path.isdir(folder) and has_signs(folder)]
    if has_signs(path):
        return path
    if len(marked) == 1:
        return marked[0]
    if marked:
        names = ", ".join(os.path.basename(folder) for folder in marked)
        raise Trouble("bad-input", "%s holds several output folders (%s): choose one of them." % (path, names))
    raise Trouble("bad-input", "%s holds nothing that a training writes: no log, no checkpoint, no completions." % path)


def has_signs(path):
    try:
        return any(SIGNS.fullmatch(name) or LOGS.fullmatch(name) for name in os.listdir(path))
    except OSError:
        return False


def adopted_facts(run, adopted):
    folder = adopted["folder"]
    state = read_json(os.path.join(folder, "trainer_state.json")) or {}
    newest = newest_change(folder)
    quiet = None if newest is None else time.time() - newest
    step, steps = state.get("global_step"), state.get("max_steps")
    return {
        "id": run,
        "folder": folder,
        "launch": None,
        "attempts": 0,
        "attempt": 0,
        "exit": None,
        "stopAsked": False,
        "marks": [],
        "seen": [],
        "adopted": True,
        "quietSeconds": quiet if quiet is not None and quiet >= 0 else None,
        "finished": isinstance(step, int) and isinstance(steps, int) and step >= steps > 0,
        "startedAt": adopted.get("at"),
        "logFile": log_in(folder),
        "log": size(log_in(folder) or ""),
    }


def newest_change(folder):
    times = []
    for base in (folder, os.path.join(folder, "completions"), os.path.join(folder, "runs")):
        try:
            with os.scandir(base) as found:
                times += [entry.stat().st_mtime for entry in found]
        except OSError:
            continue
    return max(times, default=None)


def log_in(folder):
    try:
        with os.scandir(folder) as found:
            logs = [
                (entry.stat().st_size, entry.path) for entry in found if entry.is_file() and LOGS.fullmatch(entry.name)
            ]
    except OSError:
        return None
    return max(logs)[1] if logs else None


# Telling about the host

PACKAGES = ("torch", "transformers", "trl", "ms_swift", "verl", "vllm", "peft", "accelerate", "deepspeed", "ray")


def host(ask):
    """Python, GPUs, disk, ways to detach, versions of packages (read from their metadata, nothing imported)."""
    python = ask.get("python") or sys.executable
    smi = output(
        [
            "nvidia-smi",
            "--query-gpu=index,name,memory.total,memory.used,utilization.gpu",
            "--format=csv,noheader,nounits",
        ]
    )
    os.makedirs(home(), mode=0o700, exist_ok=True)
    room = shutil.disk_usage(home())
    return {
        "host": socket.gethostname(),
        "boot": boot_id(),
        "python": sys.version.split()[0],
        "gpus": [gpu_of(line) for line in (smi or "").splitlines() if line.count(",") == 4],
        "disk": {"folder": home(), "free": room.free, "total": room.total},
        "detach": [
            way
            for way, there in (("systemd", lingers()), ("tmux", bool(shutil.which("tmux"))), ("setsid", True))
            if there
        ],
        "packages": json.loads(output([python, "-c", VERSIONS, *PACKAGES]) or "{}"),
    }


VERSIONS = """
import sys, json
from importlib import metadata
found = {}
for name in sys.argv[1:]:
    try: found[name] = metadata.version(name)
    except metadata.PackageNotFoundError: pass
print(json.dumps(found))
"""


def gpu_of(line):
    index, name, total, used, busy = (part.strip() for part in line.split(","))
    numbers = [float(text) if re.fullmatch(r"[\d.]+", text) else None for text in (total, used, busy)]
    return {"index": int(index), "name": name, "totalMiB": numbers[0], "usedMiB": numbers[1], "busyPercent": numbers[2]}


def python(ask):
    """The output of a program that only reads, run by the interpreter that a training here would find."""
    words = [ask.get("python") or "python3", "-", ask["argument"]]
    lines = [ask.get("setup") or ":", 'exec "$@"']
    try:
        done = subprocess.run(
            ["sh", "-c", "\n".join(lines), "sh", *words],
            input=ask["program"].encode(),
            capture_output=True,
            timeout=30.0,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise Trouble("no-python", f"{words[0]} could not be asked: {error}.") from None
    if done.returncode != 0:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise Trouble("no-python", f"{words[0]} could not be asked: {said[-1] if said else 'it failed'}.")
    return {"text": done.stdout.decode("utf-8", "replace")}


# Being asked: one JSON object a line, both ways

METHODS = {
    "launch": launch,
    "facts": facts,
    "stop": stop,
    "read": read,
    "entries": entries,
    "index": records.index,
    "search": records.search,
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


def main(words):
    if words[:1] == ["watch"]:
        return watch(words[1], "fork" in words[2:])
    if words[:1] == ["job"]:
        return run_job(words[1])
    if words[:1] == ["serve"]:
        return serve()
    print("usage: host.py serve", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
