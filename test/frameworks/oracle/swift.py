"""What the real ms-swift says of random `swift rlhf` commands: its parser, its arguments, its trainer's first checks."""

import importlib.metadata
import json
import os
import sys
import tempfile
import types
from typing import Any, Dict, List
from unittest.mock import MagicMock, patch

import torch
import transformers.training_args
from common import Answer, Chooser, Reached, main, source, stand_in, verdict

stand_in("math_verify", "liger_kernel", "msgspec")
transformers.training_args.is_torch_bf16_gpu_available = lambda: True
sys.path.insert(0, source())

from swift.arguments import RLHFArguments, rlhf_args, sft_args  # noqa: E402
from swift.arguments.base_args import base_args  # noqa: E402
from swift.pipelines.train import tuner as train_tuner  # noqa: E402
from swift.rlhf_trainers import grpo_trainer, rollout_mixin, vllm_client  # noqa: E402
from swift.rlhf_trainers.arguments import GRPOConfig  # noqa: E402
from swift.trainers import arguments as trainer_arguments  # noqa: E402
from swift.utils import parse_args  # noqa: E402

# What asks this machine for a process group, a server, a GPU or a package that takes no part in a check.
rlhf_args.set_default_ddp_config = lambda: None
rlhf_args.get_current_device = lambda: "cpu"
vllm_client.is_vllm_available = lambda: True
rollout_mixin.is_vllm_available = lambda: True
vllm_client.VLLMClient.check_server = lambda self, *_, **__: None
vllm_client.VLLMClient.close_communicator = lambda self: None
vllm_client.VLLMClient.init_communicator = lambda self, **_: None
trainer_arguments.is_liger_available = lambda: True
sft_args.require_version = lambda *_: None
INSTALLED = importlib.metadata.version
importlib.metadata.version = lambda name: "0.7.0" if name == "liger-kernel" else INSTALLED(name)

TINY = {
    "architectures": ["Qwen2ForCausalLM"],
    "model_type": "qwen2",
    "hidden_size": 8,
    "intermediate_size": 16,
    "num_attention_heads": 2,
    "num_hidden_layers": 1,
    "num_key_value_heads": 1,
    "vocab_size": 100,
    "max_position_embeddings": 2048,
    "torch_dtype": "bfloat16",
}
BATCHES: Dict[str, List[Any]] = {
    "per_device_train_batch_size": [1, 2, 3, 4, 8],
    "per_device_eval_batch_size": [1, 2, 4, 8],
    "gradient_accumulation_steps": [1, 2, 3, 4],
    "generation_batch_size": [8, 16, 24, 32, 36],
    "steps_per_generation": [0, 1, 2, 4],
    "num_generations": [1, 2, 4, 6, 8],
    "num_generations_eval": [2, 4],
    "split_dataset_ratio": [0, 0.01],
    "eval_strategy": ["steps", "epoch", "no"],
}
REST: Dict[str, List[Any]] = {
    "advantage_estimator": ["grpo", "rloo", "reinforce_plus_plus", "ppo"],
    "advantage_reweight": ["rlsd"],
    "async_generate": ["true", "false"],
    "attn_impl": ["flash_attn", "sdpa", "flash_attention_2"],
    "beta": [0, 0.04, 0.001, "much"],
    "bf16": ["true", "false"],
    "cached_dataset": ["c"],
    "dataset_shuffle": ["true", "false"],
    "deepspeed_autotp_size": [2],
    "delta": [1.5],
    "dynamic_sample": ["true", "false"],
    "epsilon_high": [0.28],
    "fp16": ["true", "false"],
    "fsdp": ["fsdp2"],
    "gradient_checkpointing": ["true", "false"],
    "importance_sampling_level": ["token", "sequence", "word"],
    "kl_in_reward": ["true", "false"],
    "lazy_tokenize": ["true", "false"],
    "learning_rate": ["1e-6", "5e-7", "fast"],
    "load_best_model_at_end": ["true", "false"],
    "log_completions": ["true", "false"],
    "log_entropy": ["true", "false"],
    "logging_steps": [1, 5, 0, 0.5, 2.5],
    "loss_type": ["grpo", "bnpo", "dr_grpo", "dapo", "cispo", "real", "fipo", "grpo dapo"],
    "max_completion_length": [512, 1024, "long"],
    "max_steps": [100, "2.5"],
    "num_train_epochs": [1, 2],
    "off_policy_sequence_mask_delta": [0.1],
    "overlong_filter": ["true", "false"],
    "packing": ["true", "false"],
    "padding_free": ["true", "false"],
    "ref_model": ["other"],
    "reward_weights": ["1.0", "0.5 0.5", "1 2 3"],
    "rlsd_lambda": [0.5, 1.5],
    "rlsd_reweight_clip_range": [0.2, -1],
    "save_only_model": ["true", "false"],
    "save_steps": [50, 100],
    "save_strategy": ["steps", "epoch", "epochs"],
    "scale_rewards": ["group", "batch", "none", "gdpo", "some"],
    "sdar_gate_beta": [1.0, 0],
    "sdar_loss_coef": [0, 0.1],
    "sequence_parallel_size": [1, 2],
    "soft_cache_length": [128, 4096],
    "streaming": ["true", "false"],
    "system": ["You are helpful."],
    "temperature": [0.9, 1.0],
    "top_entropy_quantile": [1.0, 0.2],
    "torch_empty_cache_steps": [4, 0],
    "truncation_strategy": ["left", "delete", "right", "raise"],
    "tuner_type": ["lora", "full", "lorra"],
    "use_liger_kernel": ["true", "true", "false"],
    "use_vllm": ["true", "false", "perhaps"],
    "vllm_mode": ["colocate", "server", "collocate"],
    "vllm_reasoning_parser": ["qwen3"],
    "vllm_server_host": ["127.0.0.1", "10.0.0.1 10.0.0.2"],
    "vllm_server_port": ["8000", "8000 8001"],
    "vllm_tensor_parallel_size": [1, 2, 3],
    "warmup_ratio": [0.05, 1.5],
    "warmup_steps": [10],
    "zero_hpz_partition_size": [4],
}
KERNEL = ["delta", "sequence_parallel_size", "padding_free", "top_entropy_quantile", "log_entropy", "advantage_estimator"]
REWARDS = ["accuracy", "format", "accuracy format", "soft_overlong", "cosine", "accuracy repetition", "acuracy"]


def flags(chooser: Chooser) -> Dict[str, Any]:
    """About half of these are fine: sizes that fit each other, then a few other words."""
    group = chooser.one([2, 4, 8])
    chosen: Dict[str, Any] = {
        "reward_funcs": chooser.one(["accuracy", "format", "accuracy format", "cosine"]),
        "per_device_train_batch_size": chooser.one([2, 4, 8]),
        "gradient_accumulation_steps": group,
        "num_generations": group,
    }
    if chooser.chance(0.15):
        chosen["reward_funcs"] = chooser.one(REWARDS)
    if chooser.chance(0.5):
        chosen.update(chooser.some(BATCHES, 2))
    chosen.update(chooser.some(REST, 3))
    if "fp16" in chosen:
        # Else the precision follows from the model's own.
        chosen["bf16"] = chooser.one(REST["bf16"])
    if chooser.chance(0.3):
        chosen.update({"use_vllm": "true", "vllm_mode": chooser.one(["colocate", "colocate", "server"])})
        if chosen["vllm_mode"] == "server" and chooser.chance(0.7):
            chosen["vllm_server_host"] = "127.0.0.1"
    if chooser.chance(0.1):
        key = chooser.one(KERNEL)
        chosen.update({"use_liger_kernel": "true", key: chooser.one(REST[key])})
    if chooser.chance(0.1):
        chosen.update({"advantage_reweight": "rlsd", "rlsd_lambda": chooser.one([0.5, 0.5, 1.5])})
    if chooser.chance(0.08):
        right = chooser.one(sorted(REST))
        chosen[chooser.misspelt(right)] = chooser.one(REST[right])
    return chosen


def words(chosen: Dict[str, Any]) -> List[str]:
    told: List[str] = []
    for key, value in chosen.items():
        parts = [value] if key == "system" else str(value).split(" ")
        told += [f"--{key}", *parts]
    return told


def rewards(names: List[str], args: Any) -> None:
    """`GRPOTrainer._prepare_rewards` (`swift/rlhf_trainers/grpo_trainer.py:2200`) without a model."""
    trainer = types.SimpleNamespace(
        args=args, use_gym_env=False, accelerator=types.SimpleNamespace(device=torch.device("cpu"))
    )
    grpo_trainer.GRPOTrainer._prepare_rewards(trainer, list(names))


def tuner(args: Any) -> None:
    """The choice of a tuner (`swift/pipelines/train/tuner.py:378`), where it is none that prepares a model."""
    if args.tuner_type not in ("lora", "full"):
        with patch.object(train_tuner, "get_target_modules", lambda *_: "all-linear"):
            train_tuner.TunerMixin.prepare_model(args, MagicMock())


def engine(args: Any, world: int) -> None:
    """The split of the processes (`swift/rlhf_trainers/rollout_mixin.py:433`), up to the first process group."""
    if args.use_vllm and args.vllm_mode == "colocate" and world % args.vllm_tensor_parallel_size != 0:
        prepared = types.SimpleNamespace(
            args=args,
            use_vllm=True,
            vllm_mode="colocate",
            vllm_tensor_parallel_size=args.vllm_tensor_parallel_size,
            accelerator=types.SimpleNamespace(num_processes=world, device="cpu", is_main_process=True),
            model=MagicMock(),
        )
        with patch.object(torch.distributed, "new_subgroups_by_enumeration", side_effect=Reached):
            rollout_mixin.RolloutTrainerMixin._prepare_vllm(prepared)


def answer(chooser: Chooser, folder: str) -> Answer:
    args = words(flags(chooser))
    world = chooser.one([1, 2, 4, 8])
    fixed = ["--rlhf_type", "grpo", "--model", folder, "--model_type", "qwen2", "--template", "qwen2_5"]
    rest = ["--dataset", "d#1", "--output_dir", os.path.join(folder, "out"), "--add_version", "false"]

    def ask() -> Dict[str, int]:
        base_args.get_dist_setting = lambda: (-1, -1, world, world)
        GRPOConfig.world_size = property(lambda _: world)
        parsed, remaining = parse_args(RLHFArguments, [*fixed, *rest, *args])
        if remaining:
            raise ValueError(f"remaining_argv: {remaining}")
        tuner(parsed)
        engine(parsed, world)
        rewards(parsed.reward_funcs, parsed.training_args)
        own = parsed.training_args
        return {
            "generation_batch_size": own.generation_batch_size,
            "steps_per_generation": own.steps_per_generation,
        }

    return {"gpus": world, "args": args, **verdict(ask)}


with tempfile.TemporaryDirectory() as place:
    with open(os.path.join(place, "config.json"), "w") as out:
        json.dump(TINY, out)
    main(lambda chooser: answer(chooser, place))
