#!/bin/bash
# N_GPUS=2 bash train.sh
set -euo pipefail

N_GPUS=${N_GPUS:-2}
MODEL_PATH=${MODEL_PATH:-./merged_model}

python3 -m verl.trainer.main \
    config=config/config.yaml \
    data.train_files=./data/vqa_rad_train_easyr1.jsonl \
    data.val_files=./data/vqa_rad_val_easyr1.jsonl \
    worker.actor.model.model_path="$MODEL_PATH" \
    worker.rollout.tensor_parallel_size=1 \
    trainer.experiment_name=qwen2_5_vl_3b_vqa_grpo \
    trainer.n_gpus_per_node="$N_GPUS"
