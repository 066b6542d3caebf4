"""What EasyR1's own loggers write of three steps, its own functions having made the metrics: `easyr1Log.py CHECKOUT FOLDER`.

The order of events is that of `RayPPOTrainer.fit` (`verl/trainer/ray_trainer.py @ 0.3.2`); the tensors are drawn by chance.
Standard output is the console's, to which the JSON of what was logged is added as the last line.
"""

import json
import os
import sys

import numpy as np
import torch

CHECKOUT, FOLDER = sys.argv[1:3]
os.environ.update(CUDA_VISIBLE_DEVICES="", RAY_DEDUP_LOGS="0")
sys.path.insert(0, CHECKOUT)

from tensordict import TensorDict  # noqa: E402
from verl.protocol import DataProto  # noqa: E402
from verl.trainer import metrics as theirs  # noqa: E402
from verl.utils.logger import Tracker  # noqa: E402
from verl.utils.logger.logger import LOGGERS  # noqa: E402

ROWS, PROMPT, RESPONSE = 8, 5, 6


def batch():
    lengths = torch.randint(1, RESPONSE + 1, (ROWS, 1))
    response = (torch.arange(RESPONSE) < lengths).long()
    mask = torch.cat([torch.ones(ROWS, PROMPT, dtype=torch.long), response], dim=1)
    scores = torch.zeros(ROWS, RESPONSE)
    scores[:, 0] = torch.rand(ROWS)
    tensors = {
        "responses": torch.zeros(ROWS, RESPONSE, dtype=torch.long),
        "attention_mask": mask,
        "response_mask": response,
        "token_level_scores": scores,
        "token_level_rewards": scores,
        "advantages": torch.randn(ROWS, RESPONSE),
        "returns": torch.randn(ROWS, RESPONSE),
        "values": torch.randn(ROWS, RESPONSE),
    }
    made = DataProto(batch=TensorDict(tensors, batch_size=[ROWS]))
    made.meta_info["global_token_num"] = mask.sum(-1).tolist()
    return made


def step(at):
    parts = ("gen", "reward", "old", "ref", "adv", "update_actor")
    timing = {"step": 12.5 * at, **{part: 2.0 / 3 * at for part in parts}}
    made = batch()
    given = {name: torch.rand(ROWS).tolist() for name in ("overall", "format", "accuracy")}
    actor = {
        "actor/pg_loss": [1e-7 * at, -3.25e-06],
        "actor/grad_norm": [float("nan") if at == 3 else 0.73],
        "actor/lr": [1e-6],
        "actor/kl_coef": [0.01],
        "actor/pg_clipfrac_higher": [0.0],
    }
    metrics = {f"reward/{name}": value for name, value in theirs.reduce_metrics(given).items()}
    metrics.update({"global_seqlen/min": 80, "global_seqlen/balanced_max": 97.5})
    metrics.update(theirs.reduce_metrics({name: np.array(values) for name, values in actor.items()}))
    metrics.update(theirs.compute_data_metrics(batch=made, use_critic=at == 2))
    metrics.update(theirs.compute_timing_metrics(batch=made, timing_raw=timing))
    metrics.update(theirs.compute_throughout_metrics(batch=made, timing_raw=timing, num_gpus=8))
    return metrics


def main():
    torch.manual_seed(20261121)
    names = {"project_name": "easy_r1", "experiment_name": "made", "save_checkpoint_path": FOLDER}
    config = {"data": {"max_prompt_length": 2048, "train_files": "a.jsonl"}, "trainer": {**names, "logger": ["console"]}}
    tracker = Tracker([name for name in ("console", "file") if name in LOGGERS], config)
    logged = {0: {"val/reward_score": 0.25, **{f"val/{name}_reward": np.float64(0.125) for name in ("overall", "format")}}}
    tracker.log(data=logged[0], step=0)
    for at in (1, 2, 3):
        print(f"current_batch_size={ROWS} >= rollout_batch_size={ROWS}. Finish generating.")
        logged[at] = step(at)
        tracker.log(data=logged[at], step=at)
    print(json.dumps({at: {name: float(value) for name, value in one.items()} for at, one in logged.items()}))


main()
