"""Slurm, by its own programs. A job carries the attempt's name, so that it is found again whoever was killed when."""

import os
import pwd
import re
import subprocess

from onhost import Refused

#: Slurm's words for a job that has not ended (squeue(1), "JOB STATE CODES").
QUEUED = {"PENDING", "CONFIGURING", "REQUEUED", "REQUEUE_FED", "REQUEUE_HOLD", "RESV_DEL_HOLD", "SPECIAL_EXIT"}
ACTIVE = {"RUNNING", "COMPLETING", "SUSPENDED", "STOPPED", "SIGNALING", "STAGE_OUT", "RESIZING"}

HEADER = re.compile(r"#SBATCH --[a-z][a-z-]*(=[^\s'\"\\#]+)?")
#: Variables of a job that we may be inside of would be taken as options of the new one.
INSIDE = re.compile(r"SLURM_(?!CONF$)|SLURMD_")


def script(order, words):
    """The batch script: options, then our own program, which starts the run's script and watches over it."""
    for line in order["header"]:
        if not HEADER.fullmatch(line):
            raise Refused("%r is no option of a Slurm job." % line)
    return "\n".join(["#!/bin/sh", *order["header"], "exec " + words, ""])


def submit(order, name, place, env):
    """Hands the job in and gives its id."""
    command = ["sbatch", "--parsable", "--no-requeue", "--job-name=" + name, "--open-mode=append"]
    command += ["--output=" + os.path.join(place, "log.txt").replace("%", "%%"), os.path.join(place, "job.sh")]
    done = asked(command, {key: value for key, value in env.items() if not INSIDE.match(key)})
    job = done.stdout.strip().split(";")[0]
    if done.returncode == 0 and job.isdigit():
        return job
    raise Refused("Slurm refused the job: %s." % said(done))


def find(_order, name):
    """The job that carries this name, in whatever state; None where there is none, or where Slurm does not answer."""
    done = asked(["squeue", *OWN, "--name=" + name, "--format=%i"])
    jobs = [word for word in done.stdout.split() if word.isdigit()]
    return jobs[-1] if done.returncode == 0 and jobs else None


def look(_order, jobs):
    """Each of these jobs that Slurm still knows → (queued, running or ended; its word; its reason)."""
    done = asked(["squeue", *OWN, "--format=%i|%T|%r"])
    if done.returncode != 0:
        raise Refused("Slurm does not answer: %s." % said(done))
    rows = dict(row_of(line) for line in done.stdout.splitlines() if line.count("|") >= 2)
    missing = [job for job in jobs if job not in rows]
    if missing:
        past = asked(["sacct", "-X", "-n", "-P", "-j", ",".join(missing), "-o", "JobIDRaw,State,Reason"])
        rows.update(row_of(line) for line in past.stdout.splitlines() if line.count("|") >= 2)
    return {job: rows[job] for job in jobs if job in rows}


def cancel(_order, job):
    done = asked(["scancel", job])
    if done.returncode != 0 and "Invalid job id" not in done.stderr:
        raise Refused("Slurm did not cancel job %s: %s." % (job, said(done)))


def row_of(line):
    """`12|CANCELLED by 1000|None` and its like."""
    job, word, why = line.split("|", 2)
    word = (word.split() or [""])[0].rstrip("+")
    state = "queued" if word in QUEUED else "running" if word in ACTIVE else "ended"
    return job.strip(), (state, word, "" if why.strip() in ("None", "(null)") else why.strip())


def user():
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return str(os.getuid())


OWN = ["--noheader", "--states=all", "--user=" + user()]


def asked(command, env=None, seconds=30):
    try:
        return subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=seconds,
            check=False,
            env=env,
        )
    except FileNotFoundError:
        return subprocess.CompletedProcess(command, 127, "", "there is no %s on this host" % command[0])
    except subprocess.TimeoutExpired:
        return subprocess.CompletedProcess(command, 124, "", "no answer within %d s" % seconds)


def said(done):
    lines = [re.sub(r"^\w+: (error: )?", "", line).strip() for line in done.stderr.splitlines()]
    return ("; ".join(line for line in lines if line) or "exit status %d" % done.returncode).rstrip(".")
