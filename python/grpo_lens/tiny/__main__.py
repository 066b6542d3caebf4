"""`python3 -m grpo_lens.tiny --reward rewards.py:accuracy_reward`, or this folder's path instead of `-m …`."""

from __future__ import annotations

import argparse
import os
import sys

if not __package__:
    sys.path[0] = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

from grpo_lens.tiny.grpo import Settings  # noqa: E402
from grpo_lens.tiny.rewards import RewardError  # noqa: E402
from grpo_lens.tiny.train import Options, Training  # noqa: E402


def options_of(words: list[str]) -> Options:
    known = argparse.ArgumentParser(prog="tiny", description="GRPO on a policy that needs no GPU.")
    known.add_argument("--reward", action="append", required=True, metavar="FILE.py:NAME", dest="rewards")
    known.add_argument("--reward_weights", nargs="*", type=float, default=[], dest="weights")
    known.add_argument("--output_dir", default="output")
    known.add_argument("--max_steps", "--steps", type=int, default=120)
    known.add_argument("--prompts", type=int, default=16, help="prompts of a step")
    known.add_argument("--num_generations", type=int, default=8, help="completions of a prompt: a group")
    known.add_argument("--save_steps", type=int, default=20)
    known.add_argument("--seconds_per_step", type=float, default=0.4, help="a step takes at least so long")
    known.add_argument("--seed", type=int, default=1)
    known.add_argument("--learning_rate", type=float, default=Settings.learning_rate)
    known.add_argument("--beta", type=float, default=Settings.beta)
    known.add_argument("--epsilon", type=float, default=Settings.epsilon)
    known.add_argument("--num_iterations", type=int, default=Settings.iterations)
    known.add_argument("--resume", action="store_true", help="go on from the last checkpoint")
    known.add_argument("--conversational", action="store_true", help="rewards get lists of messages")
    given = vars(known.parse_args(words))
    names = {"learning_rate": "learning_rate", "beta": "beta", "epsilon": "epsilon", "num_iterations": "iterations"}
    settings = Settings(**{ours: given.pop(name) for name, ours in names.items()})
    return Options(settings=settings, **given)


def main() -> int:
    try:
        Training(options_of(sys.argv[1:])).run()
    except RewardError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
