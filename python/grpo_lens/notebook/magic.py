"""`%%reward` for IPython's kernels: the cell runs as ever, then its rewards are shown on samples."""

from __future__ import annotations

from typing import Any

from ..kernel.rewarding import reward_cell
from ..kernel.words import Given


def register(ipython: Any) -> None:
    def reward(line: str, cell: str) -> None:
        from IPython.display import display

        # A line in place of the magic's own, so that lines are counted as the cell shows them.
        outcome = ipython.run_cell(f"# %%reward\n{cell}")
        if outcome.success:
            for output in reward_cell(cell, line.strip(), ipython.user_ns, Given()):
                display(output)

    ipython.register_magic_function(reward, "cell", "reward")
