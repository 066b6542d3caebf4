"""Whether what a user leaves behind outlives their logging out, where systemd keeps the logins."""

import os
import pwd
import re

from onhost.files import output, read_text

MANAGER = ["org.freedesktop.login1", "/org/freedesktop/login1", "org.freedesktop.login1.Manager"]


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


def ends_at_logout(pid):
    """Whether a process belongs to a login whose end logind lets nothing outlive (`KillUserProcesses`), tmux or not."""
    return bool(re.search(r"/session-[^/]+\.scope", read_text("/proc/%d/cgroup" % pid) or "")) and sweeps()


def sweeps():
    """`KillUserProcesses`, and the two lists of users that it does and does not hold for (logind.conf)."""
    told = output(["busctl", "get-property", *MANAGER, "KillUserProcesses", "KillOnlyUsers", "KillExcludeUsers"])
    lines = (told or "").splitlines()
    if len(lines) != 3 or lines[0] != "b true":
        return False
    only, spared = (re.findall(r'"([^"]*)"', line) for line in lines[1:])
    name = user_name()
    return name not in spared and (not only or name in only)


def user_name():
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return ""
