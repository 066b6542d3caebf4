#!/bin/bash
# Counting objects in CLEVR pictures with ms-swift 4.6 on eight GPUs; vLLM shares them with the training.
set -euo pipefail

NPROC_PER_NODE=8 \
CUDA_VISIBLE_DEVICES=0,1,2,3,4,5,6,7 \
swift rlhf \
    --rlhf_type grpo \
    --model Qwen/Qwen2.5-VL-3B-Instruct \
    --external_plugins plugin.py \
    --reward_funcs clevr_count format \
    --use_vllm true \
    --vllm_mode colocate \
    --vllm_gpu_memory_utilization 0.5 \
    --vllm_max_model_len 9216 \
    --sleep_level 1 \
    --tuner_type full \
    --torch_dtype bfloat16 \
    --dataset okwinds/clevr_cogen_a_train \
    --max_length 8192 \
    --max_completion_length 1024 \
    --num_train_epochs 1 \
    --per_device_train_batch_size 8 \
    --per_device_eval_batch_size 8 \
    --gradient_accumulation_steps 2 \
    --num_generations 16 \
    --learning_rate 1e-6 \
    --warmup_ratio 0.01 \
    --temperature 1.0 \
    --beta 0.001 \
    --system prompt.txt \
    --deepspeed zero3 \
    --eval_strategy steps \
    --eval_steps 1000 \
    --save_steps 1000 \
    --save_total_limit 10 \
    --logging_steps 1 \
    --log_completions true \
    --dataloader_num_workers 4 \
    --report_to tensorboard \
    --output_dir output/clevr_count
