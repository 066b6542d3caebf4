"""What the real verl says of random commands: Hydra's composition, its own validation and the workers' first checks."""

import copy
import os
import sys
import types
from typing import Any, Dict, List
from unittest.mock import MagicMock, patch

from common import Answer, Chooser, Reached, main, source, stand_in, verdict

stand_in("vllm", "flash_attn", "liger_kernel", "transfer_queue", "torchvision", "msgspec", "cachetools", "zmq")
sys.path.insert(0, source())

from hydra import compose, initialize_config_dir  # noqa: E402
from hydra._internal.config_loader_impl import ConfigLoaderImpl  # noqa: E402
from hydra.core.override_parser.overrides_parser import OverridesParser  # noqa: E402
from omegaconf import OmegaConf  # noqa: E402
sys.modules["verl.third_party.vllm"] = MagicMock()
from verl.trainer.ppo.utils import need_critic, need_reference_policy  # noqa: E402
from verl.utils.config import omega_conf_to_dataclass, validate_config  # noqa: E402
from verl.workers import engine_workers  # noqa: E402
from verl.workers.rollout.replica import RolloutReplicaRegistry  # noqa: E402

ACTOR = "actor_rollout_ref.actor"
ROLLOUT = "actor_rollout_ref.rollout"
BATCHES: Dict[str, List[Any]] = {
    "data.train_batch_size": [16, 48, 63, 64, 96, 128, 256],
    f"{ACTOR}.ppo_mini_batch_size": [5, 16, 32, 64, 128, 256],
    f"{ACTOR}.ppo_micro_batch_size_per_gpu": [1, 2, 4, 8, "null"],
    f"{ACTOR}.ppo_micro_batch_size": ["null", 4, 5, 8, 16],
    f"{ACTOR}.use_dynamic_bsz": ["True", "False"],
    f"{ROLLOUT}.log_prob_micro_batch_size_per_gpu": [2, 4, "null"],
    f"{ROLLOUT}.log_prob_micro_batch_size": ["null", 8],
    f"{ROLLOUT}.n": [1, 2, 3, 4, 5, 8],
    "trainer.n_gpus_per_node": [1, 2, 4, 6, 8],
    "trainer.nnodes": [1, 2],
}
REST: Dict[str, List[Any]] = {
    f"{ACTOR}.use_kl_loss": ["True", "False"],
    "actor_rollout_ref.ref.log_prob_micro_batch_size_per_gpu": [2, 4, "null"],
    "actor_rollout_ref.ref.log_prob_micro_batch_size": ["null", 8],
    "algorithm.use_kl_in_reward": ["True", "False"],
    "algorithm.adv_estimator": ["grpo", "rloo", "remax", "grpo_passk"],
    f"{ACTOR}.loss_agg_mode": ["token-mean", "seq-mean-token-mean", "token-meen"],
    f"{ACTOR}.clip_ratio": [0.2, 0.3],
    f"{ACTOR}.strategy": ["fsdp", "fsdp2"],
    f"{ACTOR}.ulysses_sequence_parallel_size": [1, 2, 4],
    f"{ACTOR}.optim.lr": ["1e-6", "5e-7"],
    f"{ACTOR}.optim.lr_scheduler_type": ["constant", "cosine", "linear"],
    f"{ACTOR}.ppo_epochs": [1, 2],
    f"{ACTOR}.clip_ratio_c": [3.0, 10.0],
    "actor_rollout_ref.model.use_remove_padding": ["True", "False"],
    "actor_rollout_ref.model.lora_rank": [0, 8, 64, 1024],
    f"{ROLLOUT}.name": ["vllm", "sglang", "vlm"],
    f"{ROLLOUT}.mode": ["async", "sync"],
    f"{ROLLOUT}.temperature": [1.0, 0, 0.6],
    f"{ROLLOUT}.val_kwargs.do_sample": ["True", "False"],
    f"{ROLLOUT}.tensor_model_parallel_size": [1, 2, 3, 4],
    f"{ROLLOUT}.pipeline_model_parallel_size": [1, 2],
    f"{ROLLOUT}.data_parallel_size": [1, 2],
    f"{ROLLOUT}.expert_parallel_size": [1, 2, 4],
    f"{ROLLOUT}.gpu_memory_utilization": [0.4, 0.85],
    f"{ROLLOUT}.log_prob_use_dynamic_bsz": ["True", "False"],
    f"{ROLLOUT}.log_prob_max_token_len_per_gpu": [16384, "null"],
    "data.max_prompt_length": [512, 1024],
    "data.max_response_length": [1024, 8192],
    "data.truncation": ["error", "left"],
    "trainer.logger": ["[console]", "['console','wandb']"],
    "trainer.test_freq": [5, -1],
    "trainer.total_epochs": [1, 15],
    "reward.custom_reward_function.path": ["reward.py"],
}
ADDED = ["trainer.my_note=1", f"{ACTOR}.my_switch=True", "data.extra=x", f"{ROLLOUT}.engine_kwargs.vllm.seed=1"]


def configuration(chooser: Chooser) -> List[str]:
    """About half of these are fine: sizes that fit each other, then a few other words."""
    each = chooser.one([1, 2, 4, 8])
    train = chooser.one([64, 128, 256])
    chosen: Dict[str, Any] = {
        "algorithm.adv_estimator": "grpo",
        "data.train_batch_size": train,
        f"{ACTOR}.ppo_mini_batch_size": chooser.one([16, 32, 64]),
        f"{ACTOR}.ppo_micro_batch_size_per_gpu": chooser.one([1, 2, 4]),
        f"{ROLLOUT}.log_prob_micro_batch_size_per_gpu": chooser.one([2, 4]),
        f"{ROLLOUT}.name": "vllm",
        f"{ROLLOUT}.n": chooser.one([2, 4, 8]),
        f"{ROLLOUT}.tensor_model_parallel_size": 1 if each == 1 else chooser.one([1, 2]),
        "trainer.n_gpus_per_node": each,
        "trainer.nnodes": 1,
    }
    if chooser.chance(0.4):
        chosen.update(chooser.some(BATCHES, 2))
    chosen.update(chooser.some(REST, 3))
    for key in [key for key in chosen if chooser.chance(0.01)]:
        del chosen[key]
    words = [f"{plus(chooser)}{key}={value}" for key, value in chosen.items()]
    if chooser.chance(0.08):
        right = chooser.one(sorted(REST))
        *above, last = right.split(".")
        words.append(f"{'.'.join([*above, chooser.misspelt(last)])}={chooser.one(REST[right])}")
    if chooser.chance(0.08):
        words.append(chooser.one(["", "+", "+", "++"]) + chooser.one(ADDED))
    return words


def plus(chooser: Chooser) -> str:
    return chooser.one(["+", "++", "++"]) if chooser.chance(0.02) else ""


def composed(args: List[str], base: Any) -> Any:
    """Hydra's own last step: overrides on the composed defaults, which are the same for every command here."""
    config = copy.deepcopy(base)
    OmegaConf.set_struct(config, True)
    ConfigLoaderImpl._apply_overrides_to_config(OverridesParser.create().parse_overrides(args), config)
    return config


def validate(config: Any) -> Any:
    """`verl/trainer/main_ppo.py:150`."""
    validate_config(
        config=config, use_reference_policy=need_reference_policy(config), use_critic=need_critic(config)
    )
    OmegaConf.resolve(config)
    return config


def worker_starts(config: Any) -> None:
    """`ActorRolloutRefWorker.init_model` (`verl/workers/engine_workers.py:538`) without a model or a mesh."""
    inner = config.actor_rollout_ref
    worker = types.SimpleNamespace(
        config=inner,
        role="actor_rollout",
        world_size=config.trainer.n_gpus_per_node * config.trainer.nnodes,
        distillation_enabled=False,
        distillation_config=None,
        _omega_profiler_config=None,
        actor_worker_cls=MagicMock(),
        set_dispatch_collect=lambda **_: None,
    )

    def convert(given: Any, *rest: Any, **more: Any) -> Any:
        is_model = str(given.get("_target_", "")).endswith("HFModelConfig")
        return MagicMock() if is_model else omega_conf_to_dataclass(given, *rest, **more)

    with (
        patch.object(engine_workers, "omega_conf_to_dataclass", convert),
        patch.object(engine_workers, "TrainingWorkerConfig", MagicMock()),
        patch.object(engine_workers, "init_device_mesh", side_effect=Reached),
    ):
        try:
            bare(engine_workers.ActorRolloutRefWorker.init_model)(worker)
        except Reached:
            return


def mini_batch(config: Any) -> None:
    """`TrainingWorker.train_mini_batch` (`verl/workers/engine_workers.py:266`) on the sizes that the trainer sends."""
    actor = config.actor_rollout_ref.actor
    size = actor.ppo_mini_batch_size * config.actor_rollout_ref.rollout.n
    world = config.trainer.n_gpus_per_node * config.trainer.nnodes
    share = world // actor.ulysses_sequence_parallel_size
    worker = types.SimpleNamespace(engine=MagicMock())
    worker.engine.get_data_parallel_size = lambda: share
    data = MagicMock()
    data.shape = (size,)
    told = {"mini_batch_size": size}
    with (
        patch.object(engine_workers, "maybe_fix_3d_position_ids"),
        patch.object(engine_workers.tu, "pop", lambda _, key, default=None: told.get(key, default)),
        patch.object(engine_workers.tu, "make_iterator", side_effect=Reached),
    ):
        try:
            bare(engine_workers.TrainingWorker.train_mini_batch)(worker, data)
        except Reached:
            return


def bare(method: Any) -> Any:
    while hasattr(method, "__wrapped__"):
        method = method.__wrapped__
    return method


def answer(chooser: Chooser, base: Any) -> Answer:
    args = configuration(chooser)

    def ask() -> Dict[str, int]:
        config = validate(composed(args, base))
        RolloutReplicaRegistry.get(config.actor_rollout_ref.rollout.name)
        worker_starts(config)
        mini_batch(config)
        return {"completions": config.data.train_batch_size * config.actor_rollout_ref.rollout.n}

    return {"args": args, **verdict(ask)}


RolloutReplicaRegistry._registry = {name: lambda: MagicMock for name in RolloutReplicaRegistry._registry}
with initialize_config_dir(config_dir=os.path.join(source(), "verl/trainer/config"), version_base=None):
    BASE = compose(config_name="ppo_trainer")
main(lambda chooser: answer(chooser, BASE))
