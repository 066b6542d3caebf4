"""What the real EasyR1 says of random configurations: its own reader, trainer and worker checks, without a GPU."""

import os
import sys
import types
from typing import Any, Dict, List
from unittest.mock import patch

import torch
import transformers.modeling_utils
import yaml
from common import Answer, Chooser, Reached, main, source, stand_in, verdict

stand_in("vllm", "msgspec", "flash_attn", "liger_kernel", "wandb", "torchvision", "qwen_vl_utils", "mathruler")
transformers.modeling_utils.no_init_weights = getattr(transformers.modeling_utils, "no_init_weights", None)
sys.path.insert(0, source())
os.chdir(source())

import ray  # noqa: E402
from omegaconf import OmegaConf  # noqa: E402
from verl.trainer import core_algos, ray_trainer  # noqa: E402
from verl.trainer.config import PPOConfig  # noqa: E402
from verl.trainer.ray_trainer import RayPPOTrainer, ResourcePoolManager, Role  # noqa: E402
from verl.utils.logger import logger  # noqa: E402
from verl.workers import fsdp_workers  # noqa: E402
from verl.workers.reward.function import AutoRewardManager  # noqa: E402
from verl.workers.rollout import vllm_rollout_spmd  # noqa: E402

REWARD = "./examples/reward_function/math.py:compute_score"
BATCHES = {
    "data.rollout_batch_size": [64, 96, 128, 256, 512, 500],
    "worker.actor.global_batch_size": [16, 32, 48, 64, 128, 256],
    "worker.actor.micro_batch_size_per_device_for_update": [1, 2, 3, 4, 8],
    "worker.actor.micro_batch_size_per_device_for_experience": [2, 4, 7, 16, 32],
    "worker.rollout.n": [1, 2, 4, 5, 8],
    "trainer.n_gpus_per_node": [1, 2, 4, 8],
}
REST: Dict[str, List[Any]] = {
    "algorithm.adv_estimator": ["grpo", "grpo", "gae", "rloo", "remax", "reinforce_plus_plus", "grpo_passk", "grop"],
    "algorithm.kl_type": ["fixed", "adaptive", "adaptve"],
    "algorithm.kl_horizon": [10000.0, 0.0, -1.0],
    "algorithm.kl_penalty": ["kl", "low_var_kl", "mse", "k3"],
    "algorithm.kl_coef": [0.01, 1.0e-3, "much"],
    "algorithm.disable_kl": ["true", "false"],
    "algorithm.use_kl_loss": ["true", "false"],
    "algorithm.online_filtering": ["true", "maybe"],
    "data.max_prompt_length": [512, 2048, 8192, 1.5],
    "data.max_response_length": [512, 2048, 8192],
    "data.val_batch_size": [-1, 1024],
    "data.shuffle": ["true", "yes", 1, "sometimes"],
    "trainer.nnodes": [1, 2],
    "trainer.logger": ["[console]", "[console,wandb]", "[console,wand]", "console"],
    "trainer.max_steps": [10, "null"],
    "trainer.load_checkpoint_path": ["null", "assets"],
    "trainer.total_epochs": [1, "null", "many"],
    "worker.hybrid_engine": ["true", "false"],
    "worker.actor.loss_avg_mode": ["token", "seq", "sequence"],
    "worker.actor.ulysses_size": [1, 2],
    "worker.actor.max_grad_norm": [1.0, 0.5, "one"],
    "worker.actor.fsdp.enable_cpu_offload": ["true", "false"],
    "worker.actor.optim.lr": [1.0e-6, "5e-7", "small"],
    "worker.actor.optim.betas": ["[0.9,0.95]", "0.9", "[0.9,x]"],
    "worker.critic.global_batch_size": [48, 64, 256],
    "worker.critic.micro_batch_size_per_device_for_experience": [7, 16],
    "worker.critic.micro_batch_size_per_device_for_update": [1, 3, 4],
    "worker.rollout.tensor_parallel_size": [1, 2, 3, 4, 8],
    "worker.rollout.max_num_batched_tokens": [1024, 4096, 8192, 16384],
    "worker.rollout.temperature": [1.0, 0, "hot"],
    "worker.rollout.enforce_eager": ["true", "false"],
}


def configuration(chooser: Chooser) -> Dict[str, Any]:
    """About half of these are fine: sizes that fit each other, then a few other words."""
    n = chooser.one([2, 4, 5, 8])
    prompts = chooser.one([64, 128, 256, 512])
    chosen: Dict[str, Any] = {
        "worker.reward.reward_function": REWARD,
        "data.rollout_batch_size": prompts,
        "worker.actor.global_batch_size": chooser.one([size for size in (32, 64, 128) if size <= prompts]),
        "worker.actor.micro_batch_size_per_device_for_update": chooser.one([1, 2, 4]),
        "worker.actor.micro_batch_size_per_device_for_experience": chooser.one([2, 4, 8]),
        "worker.rollout.n": n,
        "trainer.n_gpus_per_node": chooser.one([2, 4, 8]),
    }
    if chooser.chance(0.35):
        chosen.update(chooser.some(BATCHES, 2))
    chosen.update(chooser.some(REST, 3))
    if chooser.chance(0.04):
        del chosen["worker.reward.reward_function"]
    if chooser.chance(0.08):
        right = chooser.one(sorted(REST))
        chosen[".".join([*right.split(".")[:-1], chooser.misspelt(right.split(".")[-1])])] = chooser.one(REST[right])
    return chosen


def nested(flat: Dict[str, Any]) -> Dict[str, Any]:
    whole: Dict[str, Any] = {}
    for path, value in flat.items():
        place = whole
        *above, last = path.split(".")
        for part in above:
            place = place.setdefault(part, {})
        place[last] = yaml.safe_load(value) if isinstance(value, str) else value
    return whole


def read(args: List[str], file: Any) -> PPOConfig:
    """`verl/trainer/main.py:90`, its file given as a mapping."""
    given = OmegaConf.from_cli(args)
    start = OmegaConf.structured(PPOConfig())
    if file is not None:
        start = OmegaConf.merge(start, OmegaConf.create(file))
    config = OmegaConf.to_object(OmegaConf.merge(start, given))
    config.deep_post_init()
    return config


def drive(config: PPOConfig, gpus: int) -> None:
    """The driver's checks, up to the start of the workers."""
    spec = {"global_pool": [config.trainer.n_gpus_per_node] * config.trainer.nnodes}
    mapping = {Role.ActorRolloutRef: "global_pool", Role.Critic: "global_pool"}
    trainer = RayPPOTrainer(
        config=config,
        tokenizer=None,
        processor=None,
        train_dataloader=[None] * 10,
        val_dataloader=[None],
        role_worker_mapping={Role.ActorRolloutRef: object, Role.Critic: object},
        resource_pool_manager=ResourcePoolManager(resource_pool_spec=spec, mapping=mapping),
    )
    with (
        patch.object(ray, "available_resources", lambda: {"GPU": gpus}),
        patch.object(ray_trainer, "create_colocated_worker_cls", side_effect=Reached),
    ):
        try:
            trainer.init_workers()
        except Reached:
            return


def work(config: PPOConfig) -> int:
    """A worker's checks: the share of each device, then the rollout engine's own."""
    world = config.trainer.n_gpus_per_node * config.trainer.nnodes
    worker = types.SimpleNamespace(config=config.worker, print_rank0=lambda *_: None, world_size=world)
    worker.tokenizer = types.SimpleNamespace(pad_token_id=0)
    worker.processor = None
    worker._is_lora = False
    with (
        patch.object(fsdp_workers.dist, "get_world_size", lambda: world),
        patch.object(torch.distributed, "get_world_size", lambda *_: world),
        patch.object(fsdp_workers, "init_device_mesh", lambda *_, **__: None),
        patch.object(fsdp_workers, "FSDPUlyssesShardingManager", lambda *_: None),
        patch.object(vllm_rollout_spmd, "LLM", side_effect=Reached),
        patch.object(vllm_rollout_spmd, "VLLMHijack"),
    ):
        if config.algorithm.adv_estimator == "gae":
            fsdp_workers.FSDPWorker._init_dist_mesh(worker, config.worker.critic, "critic")
        fsdp_workers.FSDPWorker._init_dist_mesh(worker, config.worker.actor, "actor")
        share = config.worker.actor.global_batch_size_per_device
        try:
            fsdp_workers.FSDPWorker._build_rollout(worker)
        except Reached:
            pass
    return share


def step(config: PPOConfig) -> None:
    """What the first step computes with, on numbers of no meaning."""
    for name in config.trainer.logger:
        if name not in logger.LOGGERS:
            raise ValueError(f"{name} is not supported.")
    AutoRewardManager(config.worker.reward, None)
    ones = torch.ones(config.worker.rollout.n, 2)
    if not config.algorithm.disable_kl:
        core_algos.compute_kl(ones, ones, kl_penalty=config.algorithm.kl_penalty)
    if config.algorithm.adv_estimator in ("grpo", "grpo_passk", "rloo"):
        core_algos.compute_advantage_return(
            config.algorithm.adv_estimator,
            token_level_rewards=ones,
            response_mask=ones,
            index=["a"] * config.worker.rollout.n,
            gamma=1.0,
            lam=1.0,
        )
    core_algos.average_loss(ones, ones, mode=config.worker.actor.loss_avg_mode)


def answer(chooser: Chooser) -> Answer:
    chosen = configuration(chooser)
    gpus = chooser.one([8, 8, 8, 16, 4])
    filed = {key: value for key, value in chosen.items() if chooser.chance(0.6)} if chooser.chance(0.3) else {}
    file = nested(filed) if filed else None
    args = [f"{key}={value}" for key, value in chosen.items() if key not in filed]

    def ask() -> Dict[str, int]:
        config = read(args, file)
        completions = config.data.rollout_batch_size * config.worker.rollout.n
        drive(config, gpus)
        share = work(config)
        step(config)
        return {"completions": completions, "per_device": share}

    text = None if file is None else yaml.safe_dump(file, sort_keys=False)
    return {"gpus": gpus, "args": args, "file": text, **verdict(ask)}


main(answer)
