"""A callback for TRL's trainer that records every completion with its group, advantage, solution and pictures.

    trainer.add_callback(Recording(trainer))

Each process writes its own rows (docs/record-format.md). After each generation the trainer keeps the gathered prompts,
completions, rewards and advantages of all processes in `_logs`, process after process
(trl/trainer/grpo_trainer.py:_generate_and_score_completions @ 1.16.0); the columns of the data set are those of this
process alone. Groups stand together in blocks of `num_generations`.
"""

from __future__ import annotations

import os
from typing import Any

from ..pictures import Pictures
from ..record import Recorder, row_of, value_of

_PICTURES = ("image", "images")


class Recording:
    """Nothing that goes wrong here reaches the training: it is said once on standard error and ends the recording."""

    def __init__(self, trainer: Any, folder: str | None = None, most_bytes: int = 1 << 30) -> None:
        self._trainer = trainer
        trainer._grpo_lens = True  # A launch that records leaves it as it is.
        self._folder = os.path.abspath(folder or os.environ.get("GRPO_LENS_RECORD") or "grpo-record")
        self._recorder = Recorder(self._folder, most_bytes)
        self._pictures = Pictures(self._folder)
        self._generate = trainer._generate_and_score_completions
        trainer._generate_and_score_completions = self._generated

    def __getattr__(self, name: str) -> Any:
        """Every event of a trainer's callback; none is needed, and the trainer calls all."""
        if name.startswith("on_"):
            return lambda *args, **kwargs: None
        raise AttributeError(name)

    def _generated(self, inputs: list) -> Any:
        made = self._generate(inputs)
        if self._trainer.model.training:
            self._recorder.write(lambda: self._rows(inputs))
        return made

    def _rows(self, inputs: list) -> list[dict]:
        accelerator, logs, size = self._trainer.accelerator, self._trainer._logs, len(inputs)
        total, first = size * accelerator.num_processes, size * accelerator.process_index

        def own(values: Any) -> list:
            return list(values)[-total:][first : first + size]

        prompts, completions, advantages = own(logs["prompt"]), own(logs["completion"]), own(logs["advantages"])
        rewards = {name: own(values) for name, values in logs["rewards"].items()}
        # As its own log and tables count: the update that these completions make is the next one.
        step, generations = self._trainer.state.global_step + 1, self._trainer.num_generations
        return [
            {
                **row_of(prompts[at], completions[at]),
                "scores": {name: value_of(values[at]) for name, values in rewards.items()},
                "step": step,
                "group": f"{step}-{(first + at) // generations}",
                "advantage": value_of(advantages[at]),
                **self._columns(inputs[at]),
            }
            for at in range(size)
        ]

    def _columns(self, given: dict) -> dict:
        pictures = [each for name in _PICTURES for each in _listed(given.get(name))]
        plain = {name: value_of(each) for name, each in given.items() if name not in ("prompt", *_PICTURES)}
        known = {name: each for name, each in plain.items() if each is not None}
        return {**known, "images": [self._pictures.name(each) for each in pictures]} if pictures else known


def _listed(value: Any) -> list:
    if value is None:
        return []
    return list(value) if isinstance(value, (list, tuple)) else [value]
