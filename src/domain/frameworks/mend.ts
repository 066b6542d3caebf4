import type { Need } from '../runs/causes';
import type { FrameworkId } from './framework';

type Named = Readonly<Partial<Record<Need, readonly string[]>>>;

const TRAINER: Named = {
  smallerMicroBatch: ['per_device_train_batch_size', 'gradient_accumulation_steps'],
  shorterCompletions: ['max_completion_length'],
  checkpointing: ['gradient_checkpointing'],
  lowerLearningRate: ['learning_rate'],
  clipGradients: ['max_grad_norm'],
  groupSize: ['num_generations'],
  batchSize: ['per_device_train_batch_size', 'gradient_accumulation_steps', 'generation_batch_size'],
  rolloutMemory: ['vllm_gpu_memory_utilization'],
  timeout: ['ddp_timeout'],
  hostMemory: ['dataloader_num_workers'],
};

/** How each framework calls the settings that a diagnosis speaks of. */
const NAMES: Readonly<Record<FrameworkId, Named>> = {
  trl: {
    ...TRAINER,
    offload: ['vllm_enable_sleep_mode'],
    rolloutLength: ['vllm_max_model_length'],
    port: ['vllm_server_port'],
  },
  swift: {
    ...TRAINER,
    offload: ['offload_optimizer', 'offload_model', 'sleep_level'],
    rolloutLength: ['vllm_max_model_len'],
    port: ['vllm_server_port'],
    hostMemory: ['dataloader_num_workers', 'dataset_num_proc'],
  },
  verl: {
    smallerMicroBatch: [
      'actor_rollout_ref.actor.ppo_micro_batch_size_per_gpu',
      'actor_rollout_ref.ref.log_prob_micro_batch_size_per_gpu',
    ],
    shorterCompletions: ['data.max_response_length'],
    checkpointing: ['actor_rollout_ref.model.enable_gradient_checkpointing'],
    offload: [
      'actor_rollout_ref.actor.fsdp_config.param_offload',
      'actor_rollout_ref.actor.fsdp_config.optimizer_offload',
    ],
    rolloutMemory: ['actor_rollout_ref.rollout.gpu_memory_utilization'],
    rolloutLength: ['actor_rollout_ref.rollout.max_model_len'],
    lowerLearningRate: ['actor_rollout_ref.actor.optim.lr'],
    clipGradients: ['actor_rollout_ref.actor.optim.clip_grad'],
    groupSize: ['actor_rollout_ref.rollout.n'],
    batchSize: ['data.train_batch_size', 'actor_rollout_ref.actor.ppo_mini_batch_size'],
    timeout: ['actor_rollout_ref.nccl_timeout'],
  },
  easyr1: {
    smallerMicroBatch: [
      'worker.actor.micro_batch_size_per_device_for_update',
      'worker.actor.micro_batch_size_per_device_for_experience',
    ],
    shorterCompletions: ['data.max_response_length'],
    checkpointing: ['worker.actor.model.enable_gradient_checkpointing'],
    offload: ['worker.actor.offload.offload_params', 'worker.actor.offload.offload_optimizer'],
    rolloutMemory: ['worker.rollout.gpu_memory_utilization'],
    rolloutLength: ['worker.rollout.max_model_len'],
    lowerLearningRate: ['worker.actor.optim.lr'],
    clipGradients: ['worker.actor.max_grad_norm'],
    groupSize: ['worker.rollout.n'],
    batchSize: ['data.rollout_batch_size', 'worker.actor.global_batch_size'],
  },
  own: TRAINER,
};

/** The parameters of a framework that serve these needs, each once. */
export function settingsFor(needs: readonly Need[], framework: FrameworkId): string[] {
  return [...new Set(needs.flatMap((need) => NAMES[framework][need] ?? []))];
}

/** Whose log this is, by the libraries in its tracebacks and the form of its lines; undefined where nothing tells. */
export function frameworkOfLog(tail: string): FrameworkId | undefined {
  if (
    /\[(?:INFO|WARNING|ERROR):swift\]|\/swift\/(?:rlhf_trainers|trainers|pipelines|llm)\/|global_step\/max_steps/.test(
      tail,
    )
  )
    return 'swift';
  if (/\(Runner pid=/.test(tail)) return 'easyr1';
  if (/\(TaskRunner(?:V1)? pid=|\/verl\/(?:trainer|workers)\/|\bstep:\d+ - \S+:/.test(tail)) return 'verl';
  return /\/trl\/(?:trainer|extras|scripts)\/|'completions\/mean_length'/.test(tail) ? 'trl' : undefined;
}
