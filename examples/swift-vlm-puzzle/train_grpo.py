"""GRPO of Qwen3-VL-32B-Thinking on 8 GPUs: `torchrun --nproc_per_node 8 train_grpo.py`.

LoRA by default; FULL=1 trains all weights under ZeRO-3.
"""

import os

os.environ.setdefault("CUDA_VISIBLE_DEVICES", "0,1,2,3,4,5,6,7")
os.environ.setdefault("HF_DATASETS_OFFLINE", "1")
os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.setdefault("TRANSFORMERS_OFFLINE", "1")

from swift import RLHFArguments, rlhf_main  # noqa: E402

model_path = "./model_weights/Qwen3-VL-32B-Thinking"
full = os.environ.get("FULL") == "1"


if __name__ == "__main__":
    rlhf_main(
        RLHFArguments(
            rlhf_type="grpo",
            model=model_path,
            external_plugins=["rewards.py"],
            reward_funcs=["vlm_puzzle"],
            dataset=["train.jsonl"],
            tuner_type="full" if full else "lora",
            deepspeed="zero3" if full else "zero2",
            lora_rank=64,
            lora_alpha=128,
            torch_dtype="bfloat16",
            use_vllm=True,
            vllm_mode="colocate",
            vllm_tensor_parallel_size=4,
            vllm_gpu_memory_utilization=0.4,
            max_completion_length=4096,
            num_generations=8,
            per_device_train_batch_size=1,
            gradient_accumulation_steps=8,
            learning_rate=1e-6 if full else 1e-5,
            beta=0.001,
            logging_steps=1,
            log_completions=True,
            output_dir="output/vlm_puzzle",
        )
    )
