import { architectureIn, architectureOf, type Architecture } from '../config/architecture';
import { bareUpdate, trainerUpdate, type MemoryPlan } from '../config/memory';
import type { Facts } from './facts';
import type { FrameworkId } from './framework';
import { deepspeedFile } from './launchers/deepspeed';
import { processes } from './world';

/** How a framework's settings name what memory depends on; one that is not named counts as not set. */
interface Names {
  readonly model: readonly string[];
  readonly perDevice: string;
  readonly prompt: readonly string[];
  readonly completion: string;
  readonly checkpointing: string;
  readonly adapters: (facts: Facts) => number | undefined;
  readonly reference: (facts: Facts) => boolean;
  readonly engine: (facts: Facts) => number;
  readonly sharding: (
    facts: Facts,
  ) => Pick<MemoryPlan, 'zero' | 'masterWeights' | 'offloadOptimizer' | 'offloadWeights'>;
  readonly gpus: (facts: Facts) => number | undefined;
  readonly weightBytes: (facts: Facts) => 2 | 4;
}

const CPU = /"?device"?\s*:\s*"?(cpu|nvme)/;

/** ZeRO's stage from `--deepspeed` (a name or a file) or from accelerate's file. */
function zeroOf(facts: Facts): ReturnType<Names['sharding']> {
  const said = facts.text('deepspeed') ?? '';
  const launch = facts.option('config_file') ?? facts.given('accelerate_config')?.text ?? '';
  const file = typeof launch === 'string' ? facts.around.file?.(launch) : undefined;
  const own = deepspeedFile(facts, said)?.settings.find(({ path }) => path === 'zero_optimization.stage')?.value;
  const stage = Number(
    own ?? /zero(\d)/.exec(`${said} ${launch}`)?.[1] ?? /zero_stage:\s*(\d)/.exec(file ?? '')?.[1] ?? 0,
  );
  const text = `${said} ${(said && facts.around.file?.(said)) ?? ''}`;
  const zero = stage === 1 || stage === 2 || stage === 3 ? stage : 0;
  const offloads = CPU.test(text) || /offload/.test(said);
  return { zero, masterWeights: zero > 0, offloadOptimizer: offloads, offloadWeights: offloads && zero === 3 };
}

const sharded =
  (parameters: string, optimizer: string): Names['sharding'] =>
  (facts) => ({
    zero: 3,
    masterWeights: true,
    offloadOptimizer: facts.is(optimizer, true),
    offloadWeights: facts.is(parameters, true),
  });

/** Adapters of rank `r` on every linear layer hold about so much of the weights (measured: rank 16 is 1 % at 3 B). */
const adapted = (rank: number | undefined): number => (0.01 * (rank ?? 16)) / 16;

const TRAINER: Omit<Names, 'model' | 'adapters' | 'weightBytes' | 'prompt' | 'engine'> = {
  perDevice: 'per_device_train_batch_size',
  completion: 'max_completion_length',
  checkpointing: 'gradient_checkpointing',
  reference: (facts) => (facts.number('beta') ?? 0) > 0,
  sharding: zeroOf,
  gpus: processes,
};

const NAMES: Readonly<Record<Exclude<FrameworkId, 'own'>, Names>> = {
  swift: {
    ...TRAINER,
    model: ['model'],
    prompt: ['max_length'],
    adapters: (facts) =>
      facts.is('tuner_type', 'full') || facts.is('train_type', 'full') ? undefined : adapted(facts.number('lora_rank')),
    weightBytes: (facts) => (facts.is('torch_dtype', 'float32') ? 4 : 2),
    engine: (facts) =>
      facts.is('use_vllm', true) && facts.is('vllm_mode', 'colocate') && !(Number(facts.value('sleep_level')) > 0)
        ? (facts.number('vllm_gpu_memory_utilization') ?? 0.9)
        : 0,
  },
  trl: {
    ...TRAINER,
    model: ['model_name_or_path'],
    prompt: ['max_prompt_length'],
    adapters: (facts) => (facts.is('use_peft', true) ? adapted(facts.number('lora_r')) : undefined),
    weightBytes: (facts) =>
      ['bfloat16', 'float16'].some((type) => facts.is('dtype', type) || facts.is('torch_dtype', type)) ? 2 : 4,
    engine: (facts) =>
      facts.is('use_vllm', true) && !facts.is('vllm_mode', 'server') && !facts.is('vllm_enable_sleep_mode', true)
        ? (facts.number('vllm_gpu_memory_utilization') ?? 0.3)
        : 0,
  },
  verl: {
    model: ['actor_rollout_ref.model.path'],
    perDevice: 'actor_rollout_ref.actor.ppo_micro_batch_size_per_gpu',
    prompt: ['data.max_prompt_length'],
    completion: 'data.max_response_length',
    checkpointing: 'actor_rollout_ref.model.enable_gradient_checkpointing',
    adapters: (facts) =>
      (facts.number('actor_rollout_ref.model.lora_rank') ?? 0) > 0
        ? adapted(facts.number('actor_rollout_ref.model.lora_rank'))
        : undefined,
    reference: (facts) =>
      facts.is('actor_rollout_ref.actor.use_kl_loss', true) || facts.is('algorithm.use_kl_in_reward', true),
    engine: () => 0,
    sharding: sharded(
      'actor_rollout_ref.actor.fsdp_config.param_offload',
      'actor_rollout_ref.actor.fsdp_config.optimizer_offload',
    ),
    gpus: (facts) => product(facts.number('trainer.n_gpus_per_node'), facts.number('trainer.nnodes')),
    weightBytes: () => 2,
  },
  easyr1: {
    model: ['worker.actor.model.model_path'],
    perDevice: 'worker.actor.micro_batch_size_per_device_for_update',
    prompt: ['data.max_prompt_length'],
    completion: 'data.max_response_length',
    checkpointing: 'worker.actor.model.enable_gradient_checkpointing',
    adapters: () => undefined,
    reference: (facts) => !facts.is('algorithm.disable_kl', true),
    engine: () => 0,
    sharding: sharded('worker.actor.offload.offload_params', 'worker.actor.offload.offload_optimizer'),
    gpus: (facts) => product(facts.number('trainer.n_gpus_per_node'), facts.number('trainer.nnodes')),
    weightBytes: () => 2,
  },
};

const product = (left: number | undefined, right: number | undefined): number | undefined =>
  left === undefined ? undefined : left * (right ?? 1);

/** What a configuration tells of the memory of its update; undefined where the model's size or the batch is not known. */
export function memoryPlan(facts: Facts): MemoryPlan | undefined {
  const { id } = facts.judged.framework;
  if (id === 'own') return undefined;
  const names = NAMES[id];
  const network = networkOf(names, facts);
  const perDevice = facts.number(names.perDevice);
  const completionLength = facts.number(names.completion);
  if (!network || perDevice === undefined || completionLength === undefined) return undefined;
  const adapters = names.adapters(facts);
  return {
    network,
    perDevice,
    promptLength: names.prompt.map((path) => facts.number(path)).find((length) => length !== undefined) ?? PROMPT,
    completionLength,
    checkpointing: !facts.is(names.checkpointing, false),
    trained: adapters ?? 1,
    weightBytes: names.weightBytes(facts),
    gpus: names.gpus(facts) ?? facts.around.gpus ?? 1,
    ...names.sharding(facts),
    reference: adapters === undefined && names.reference(facts),
    engineShare: names.engine(facts),
    // ms-swift's GRPO trainer is TRL's, extended (swift/rlhf_trainers/grpo_trainer.py @ 4.6.0); the others update by loops of their own.
    cost: id === 'trl' || id === 'swift' ? trainerUpdate : bareUpdate,
  };
}

/** Tokens of a prompt where nobody limits them. */
const PROMPT = 512;

function networkOf(names: Names, facts: Facts): Architecture | undefined {
  const name = names.model.map((path) => facts.text(path)).find((text) => text !== undefined && text !== '');
  if (name === undefined) return undefined;
  const config = /^[./~]/.test(name) || !name.includes('/') ? facts.around.file?.(`${name}/config.json`) : undefined;
  return (config === undefined ? undefined : architectureIn(config)) ?? architectureOf(name);
}
