"""Ray's job server, by the HTTP interface that `ray job submit` itself speaks, so that no `ray` need be on the PATH."""

import json
import os
import urllib.error
import urllib.request

from onhost import Refused

#: ray/dashboard/modules/job/common.py @ 2.x
STATES = {"PENDING": "queued", "RUNNING": "running"}


def script(order, words):
    """What the job server is asked to start, kept beside the attempt."""
    return "#!/bin/sh\n# handed to Ray's job server at %s\nexec %s\n" % (address(order), words)


def submit(order, name, place, _env):
    """Hands the job in under its own name, which the server takes once only, and gives that name."""
    numbers = {"entrypoint_num_gpus": order.get("gpus"), "entrypoint_num_cpus": order.get("cpus")}
    body = {"submission_id": name, "entrypoint": "sh " + quoted(os.path.join(place, "job.sh"))}
    body.update({key: value for key, value in numbers.items() if value is not None})
    try:
        return asked(order, "/api/jobs/", body)["submission_id"]
    except Refused:
        if find(order, name) is None:
            raise
        return name


def find(order, name):
    try:
        return asked(order, "/api/jobs/" + name)["submission_id"]
    except Refused:
        return None


def look(order, jobs):
    """Each of these jobs that the server knows → (queued, running or ended; its word; its message)."""
    told = {job.get("submission_id"): job for job in asked(order, "/api/jobs/")}
    return {job: row_of(told[job]) for job in jobs if job in told}


def cancel(order, job):
    asked(order, "/api/jobs/%s/stop" % job, {})


def row_of(job):
    message = (job.get("message") or "").strip()
    return STATES.get(job["status"], "ended"), job["status"], "\n".join(message.splitlines()[-5:])[-500:]


def address(order):
    return (order.get("address") or os.environ.get("RAY_API_SERVER_ADDRESS") or "http://127.0.0.1:8265").rstrip("/")


def quoted(word):
    return "'" + word.replace("'", "'\\''") + "'"


def asked(order, path, body=None):
    """One question to the job server; what it answers as JSON."""
    headers = {"Content-Type": "application/json", **json.loads(os.environ.get("RAY_JOB_HEADERS") or "{}")}
    data = None if body is None else json.dumps(body).encode()
    try:
        request = urllib.request.Request(address(order) + path, data=data, headers=headers)
        with DIRECT.open(request, timeout=30) as answer:
            return json.loads(answer.read())
    except urllib.error.HTTPError as error:
        text = error.read().decode("utf-8", "replace").strip().splitlines()
        raise Refused("Ray refused: %s." % (text[-1] if text else error.reason)) from error
    except (OSError, ValueError) as error:
        raise Refused("Ray's job server does not answer at %s: %s." % (address(order), error)) from error


#: A proxy of the network is not the way to a cluster's own server.
DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))
