"""Tells whether the installed verl trains a discriminator as its critic, as generative adversarial distillation needs.

Stock verl builds no critic under adv_estimator=grpo, so a GAD command would run without its discriminator and say
nothing. The signs are those of the patched versions that are public (microsoft/LMOps, gad, and forks of it).
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import re
import sys

SIGNS = (
    ("the data set hands over the teacher's answer", r"teacher_response", ("utils/dataset/rl_dataset.py",)),
    (
        "a loss that sets teacher above student",
        r"def \w*discriminator_loss|logsigmoid\(\s*teacher",
        ("trainer/ppo/core_algos.py",),
    ),
    (
        "the critic reads teacher and student",
        r"compute_teacher|teacher_input_ids",
        ("workers/critic/dp_critic.py", "workers/fsdp_workers.py", "workers/engine_workers.py"),
    ),
    (
        "the critic's values become the scores",
        r"token_level_(?:scores|rewards)[\"']\]\s*=\s*[^\n]*values|discriminator",
        ("trainer/ppo/ray_trainer.py",),
    ),
)


def package(folder: str | None) -> str | None:
    if folder:
        inner = os.path.join(folder, "verl")
        return inner if os.path.isdir(inner) else folder
    found = importlib.util.find_spec("verl")
    return os.path.dirname(found.origin) if found and found.origin else None


def look(root: str) -> list[tuple[str, str | None]]:
    """Each sign with the file that shows it; None where no file does."""
    found = []
    for what, pattern, files in SIGNS:
        where = next((file for file in files if re.search(pattern, text(os.path.join(root, file)))), None)
        found.append((what, where))
    return found


def text(path: str) -> str:
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.read()
    except OSError:
        return ""


def version(root: str) -> str:
    return text(os.path.join(root, "version", "version")).strip() or "of unknown version"


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="verl_gad", description="Is this verl patched for GAD?")
    parser.add_argument("--verl", help="folder of verl's source, instead of the installed one")
    asked = parser.parse_args(arguments)
    root = package(asked.verl)
    if root is None or not os.path.isdir(root):
        print(f"verl_gad: verl is not installed for {sys.executable}.", file=sys.stderr)
        return 2
    found = look(root)
    for what, where in found:
        print(f"{'yes' if where else 'no '}  {what}{f' ({where})' if where else ''}")
    missing = [what for what, where in found if not where]
    print(f"verl {version(root)} in {root}")
    if missing:
        say = "is stock" if len(missing) == len(found) else "is patched in part"
        print(f"verl_gad: it {say}: under adv_estimator=grpo no discriminator is trained.", file=sys.stderr)
        return 1
    print("It looks patched for GAD. Whether the patch is right was not tried.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
