"""The job itself, on whatever machine a scheduler chose: takes the secrets away, starts the script once, ends with its status."""

import os

from onhost import files
from onhost.files import read_json
from onhost.order import take_secrets
from onhost.watch import Watch


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
