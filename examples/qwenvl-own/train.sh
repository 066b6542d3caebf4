#!/bin/bash
# The flags are the fields of the dataclasses in arguments.py; the trainer is a small stand-in and needs no GPU.
cd "$(dirname "$0")" || exit 1
exec python3 train_grpo.py \
    --model_name_or_path "Qwen/Qwen2.5-VL-3B-Instruct" \
    --dataset_use "assy07_grpo" \
    --output_dir "./output/grpo_model" \
    --num_train_epochs 10 \
    --per_device_train_batch_size 2 \
    --grpo_alpha 0.5 \
    --grpo_beta 0.1 \
    --format_reward_weight 0.3 \
    --accuracy_reward_weight 0.7 \
    --grpo_sample_size 8
