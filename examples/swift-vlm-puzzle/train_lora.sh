#!/bin/bash
# A LoRA adapter is trained, which needs the least memory. The host is offline: model and data lie on its disk.
set -euo pipefail

export CUDA_VISIBLE_DEVICES=0,1,2,3,4,5,6,7
export NPROC_PER_NODE=8
export HF_DATASETS_OFFLINE=1
export HF_HUB_OFFLINE=1
export TRANSFORMERS_OFFLINE=1

MODEL_PATH=${MODEL_PATH:-./model_weights/Qwen3-VL-32B-Thinking}

swift rlhf \
    --rlhf_type grpo \
    --model "$MODEL_PATH" \
    --external_plugins rewards.py \
    --reward_funcs vlm_puzzle \
    --dataset train.jsonl \
    --load_from_cache_file true \
    --tuner_type lora \
    --lora_rank 64 \
    --lora_alpha 128 \
    --target_modules all-linear \
    --deepspeed zero2 \
    --torch_dtype bfloat16 \
    --use_vllm true \
    --vllm_mode colocate \
    --vllm_tensor_parallel_size 4 \
    --vllm_gpu_memory_utilization 0.4 \
    --vllm_max_model_len 12288 \
    --sleep_level 1 \
    --max_length 8192 \
    --max_completion_length 4096 \
    --num_generations 8 \
    --per_device_train_batch_size 1 \
    --gradient_accumulation_steps 8 \
    --learning_rate 1e-5 \
    --beta 0.001 \
    --temperature 1.0 \
    --num_train_epochs 1 \
    --warmup_ratio 0.01 \
    --save_strategy steps \
    --save_steps 100 \
    --save_total_limit 5 \
    --logging_steps 1 \
    --log_completions true \
    --report_to tensorboard \
    --output_dir output/vlm_puzzle_lora
