#!/bin/bash
# The same run on stock verl 0.9: GRPO without the discriminator, scored by the rule in reward.py.
set -x

export HYDRA_FULL_ERROR=1
export TOKENIZERS_PARALLELISM=true

MODEL_PATH=${MODEL_PATH:-"./checkpoints/generator_warmup"}

TRAIN_FILES=${TRAIN_FILES:-"./data/gad_single_image_train.parquet"}
VAL_FILES=${VAL_FILES:-"./data/gad_single_image_test.parquet"}

EXP_NAME=${EXP_NAME:-"qwen3_vl_grpo_exp1"}
SAVE_DIR=${SAVE_DIR:-"/tmp/${EXP_NAME}"}
SWANLAB_PROJECT=${SWANLAB_PROJECT:-"qwen3_vl_gad_exp"}

TRAIN_BATCH_SIZE=${TRAIN_BATCH_SIZE:-32}
MAX_PROMPT_LENGTH=${MAX_PROMPT_LENGTH:-4096}
MAX_RESPONSE_LENGTH=${MAX_RESPONSE_LENGTH:-4096}
PPO_MINI_BATCH_SIZE=${PPO_MINI_BATCH_SIZE:-32}
ROLLOUT_N=${ROLLOUT_N:-8}
ACTOR_LR=${ACTOR_LR:-1e-6}
GEN_TP=${GEN_TP:-2}

python3 -m verl.trainer.main_ppo \
    algorithm.adv_estimator=grpo \
    data.train_files=$TRAIN_FILES \
    data.train_batch_size=$TRAIN_BATCH_SIZE \
    data.val_files=$VAL_FILES \
    data.max_prompt_length=$MAX_PROMPT_LENGTH \
    data.max_response_length=$MAX_RESPONSE_LENGTH \
    data.filter_overlong_prompts=True \
    actor_rollout_ref.model.path=$MODEL_PATH \
    actor_rollout_ref.model.use_remove_padding=True \
    actor_rollout_ref.model.enable_gradient_checkpointing=True \
    actor_rollout_ref.actor.optim.lr=$ACTOR_LR \
    actor_rollout_ref.actor.optim.clip_grad=0.2 \
    actor_rollout_ref.actor.ppo_mini_batch_size=$PPO_MINI_BATCH_SIZE \
    actor_rollout_ref.actor.use_dynamic_bsz=True \
    actor_rollout_ref.actor.ppo_max_token_len_per_gpu=12288 \
    actor_rollout_ref.actor.use_kl_loss=True \
    actor_rollout_ref.actor.entropy_coeff=0.0 \
    actor_rollout_ref.actor.kl_loss_coef=0.001 \
    actor_rollout_ref.actor.kl_loss_type=low_var_kl \
    actor_rollout_ref.actor.fsdp_config.ulysses_sequence_parallel_size=1 \
    actor_rollout_ref.actor.fsdp_config.param_offload=False \
    actor_rollout_ref.actor.fsdp_config.optimizer_offload=False \
    actor_rollout_ref.ref.fsdp_config.param_offload=False \
    actor_rollout_ref.rollout.name=vllm \
    actor_rollout_ref.rollout.tensor_model_parallel_size=$GEN_TP \
    actor_rollout_ref.rollout.temperature=0.8 \
    actor_rollout_ref.rollout.gpu_memory_utilization=0.7 \
    actor_rollout_ref.rollout.n=$ROLLOUT_N \
    +actor_rollout_ref.rollout.engine_kwargs.vllm.disable_mm_preprocessor_cache=True \
    actor_rollout_ref.rollout.enforce_eager=False \
    actor_rollout_ref.rollout.free_cache_engine=False \
    actor_rollout_ref.rollout.prompt_length=16384 \
    actor_rollout_ref.rollout.response_length=$MAX_RESPONSE_LENGTH \
    reward.custom_reward_function.path=reward.py \
    reward.custom_reward_function.name=compute_score \
    trainer.val_before_train=True \
    trainer.logger='["console","swanlab"]' \
    trainer.project_name=${SWANLAB_PROJECT} \
    trainer.experiment_name=${EXP_NAME} \
    trainer.n_gpus_per_node=2 \
    trainer.nnodes=1 \
    trainer.save_freq=200 \
    trainer.test_freq=200 \
    trainer.total_epochs=4 \
    trainer.default_local_dir=$SAVE_DIR "$@"
