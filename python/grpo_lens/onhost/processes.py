"""Processes of this machine, and whether one that was noted is the very one that is there."""

import os

from onhost.files import output, read_text


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
