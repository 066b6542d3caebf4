import type { Facts } from '../facts';
import { nearestThatFit, type Rule, type Said } from '../rule';

const TRAINER = 'verl/trainer/ray_trainer.py';
const WORKERS = 'verl/workers/fsdp_workers.py';
const ROLLOUT = 'data.rollout_batch_size';
const GLOBAL = 'worker.actor.global_batch_size';
const N = 'worker.rollout.n';
const TP = 'worker.rollout.tensor_parallel_size';
const UPDATE = 'worker.actor.micro_batch_size_per_device_for_update';

/** GPUs in all, where the text tells. */
function gpus(facts: Facts): number | undefined {
  const [each, nodes] = [facts.number('trainer.n_gpus_per_node'), facts.number('trainer.nnodes')];
  return each === undefined || nodes === undefined ? undefined : each * nodes;
}

const isGae = (facts: Facts): boolean => facts.is('algorithm.adv_estimator', 'gae');

/** `a % b` must be 0: says so with both numbers and what would work for the key. */
function divides(
  total: number | undefined,
  by: number | undefined,
  said: { readonly text: string; readonly key: string; readonly at: readonly string[] },
): Said | undefined {
  if (total === undefined || !by || total % by === 0) return undefined;
  const near = nearestThatFit(by, (value) => total % value === 0);
  return {
    text: near.length > 0 ? `${said.text}; nearest ${said.key} that work: ${near.join(', ')}.` : `${said.text}.`,
    at: [said.key, ...said.at],
    mends: near.map((value) => ({ path: said.key, value })),
  };
}

const critic = (kind: 'global' | 'experience', facts: Facts): Said | undefined => {
  const key =
    kind === 'global' ? 'worker.critic.global_batch_size' : 'worker.critic.micro_batch_size_per_device_for_experience';
  const [prompts, n, by] = [facts.number(ROLLOUT), facts.number(N), facts.number(key)];
  if (!isGae(facts) || prompts === undefined || n === undefined) return undefined;
  const total = kind === 'global' ? prompts : prompts * n;
  return divides(total, by, { text: `${total} is not divisible by ${key} = ${by}`, key, at: [ROLLOUT] });
};

/** What each device gets of the global batch: `verl/workers/fsdp_workers.py:148`. */
function perDevice(facts: Facts): number | undefined {
  const [batch, n, world, ulysses] = [
    facts.number(GLOBAL),
    facts.number(N),
    gpus(facts),
    facts.number('worker.actor.ulysses_size'),
  ];
  if (batch === undefined || n === undefined || !world || !ulysses) return undefined;
  return Math.floor((batch * Math.max(1, n)) / (world / ulysses));
}

const REWARD = 'worker.reward.reward_function';

/** The file and the function that the reward names, and the file's text where it can be read. */
function rewardFile(facts: Facts): { readonly file: string; readonly name: string; readonly text: string | undefined } {
  const [, file = '', name = 'main'] = /^(.*?)(?::(\w+))?$/.exec(facts.text(REWARD) ?? '') ?? [];
  return { file, name, text: file === '' ? undefined : facts.around.file?.(file) };
}

function rule(id: string, source: string, broken: Rule['broken']): Rule {
  return { id: `easyr1.${id}`, weight: 'error', source, broken };
}

/** Completions of a step, and what each device gets of them for one update. */
export function easyr1Sizes(facts: Facts): Readonly<Record<string, number>> {
  const [prompts, n, share] = [facts.number(ROLLOUT), facts.number(N), perDevice(facts)];
  return {
    ...(prompts === undefined || n === undefined ? {} : { completions: prompts * n }),
    ...(share === undefined ? {} : { global_batch_size_per_device: share }),
  };
}

/** EasyR1's rules between parameters, in the order of its checks. */
export const easyr1Rules: readonly Rule[] = [
  rule('gpu.available', `${TRAINER}:114`, (facts) => {
    const [asked, there] = [gpus(facts), facts.around.gpus];
    if (asked === undefined || there === undefined || asked <= there) return undefined;
    return {
      text: `trainer.n_gpus_per_node × trainer.nnodes = ${asked} GPUs are asked for, ${there} are there.`,
      at: ['trainer.n_gpus_per_node'],
      mends: [{ path: 'trainer.n_gpus_per_node', value: there }],
    };
  }),
  rule('batch.rollout_mod_global', `${TRAINER}:212`, (facts) => {
    const [prompts, by] = [facts.number(ROLLOUT), facts.number(GLOBAL)];
    return divides(prompts, by, {
      text: `${ROLLOUT} = ${prompts} is not divisible by ${GLOBAL} = ${by}`,
      key: GLOBAL,
      at: [ROLLOUT],
    });
  }),
  rule('batch.total_mod_experience', `${TRAINER}:218`, (facts) => {
    const key = 'worker.actor.micro_batch_size_per_device_for_experience';
    const [prompts, n, by] = [facts.number(ROLLOUT), facts.number(N), facts.number(key)];
    if (prompts === undefined || n === undefined) return undefined;
    const total = prompts * n;
    return divides(total, by, {
      text: `${prompts} × ${n} = ${total} completions are not divisible by ${key} = ${by}`,
      key,
      at: [ROLLOUT, N],
    });
  }),
  rule('batch.critic_global', `${TRAINER}:223`, (facts) => critic('global', facts)),
  rule('batch.critic_experience', `${TRAINER}:229`, (facts) => critic('experience', facts)),
  rule('group.n', `${TRAINER}:236`, (facts) => {
    const [n, estimator] = [facts.number(N), facts.text('algorithm.adv_estimator')];
    if (n === undefined || n > 1 || !estimator || !['grpo', 'rloo', 'grpo_passk'].includes(estimator)) return undefined;
    const text = `${estimator} compares completions of one prompt: ${N} must be above 1, not ${n}.`;
    return { text, at: [N, 'algorithm.adv_estimator'], mends: [{ path: N, value: 5 }] };
  }),
  rule('engine.hybrid', `${TRAINER}:263`, (facts) =>
    facts.is('worker.hybrid_engine', false)
      ? {
          text: 'EasyR1 runs the hybrid engine only: worker.hybrid_engine must be true.',
          at: ['worker.hybrid_engine'],
          mends: [{ path: 'worker.hybrid_engine', value: true }],
        }
      : undefined,
  ),
  rule('resume.path', `${TRAINER}:357`, (facts) => {
    const path = facts.text('trainer.load_checkpoint_path');
    if (path === undefined || /global_step_[^/]*\/*$/.test(path)) return undefined;
    return {
      text: `The last folder of trainer.load_checkpoint_path must be named global_step_…, not ${path.split('/').filter(Boolean).at(-1) ?? 'nothing'}.`,
      at: ['trainer.load_checkpoint_path'],
    };
  }),
  rule('reward.required', 'verl/workers/reward/function.py:112', (facts) => {
    if (facts.value(REWARD) !== null) return undefined;
    return { text: `No reward is given: set ${REWARD} to file.py:function.`, at: [REWARD] };
  }),
  rule('reward.attr', 'verl/workers/reward/function.py:117', (facts) => {
    const { file, name, text } = rewardFile(facts);
    if (text === undefined || new RegExp(`\\b${name}\\b|import \\*|globals\\(|setattr`).test(text)) return undefined;
    return { text: `${file} defines no ${name}.`, at: [REWARD] };
  }),
  rule('reward.type', 'verl/workers/reward/function.py:143', (facts) => {
    const { file, text = '' } = rewardFile(facts);
    const type = /^REWARD_TYPE\s*=\s*(['"])(.*?)\1/m.exec(text)?.[2];
    if (type === undefined || type === 'batch' || type === 'sequential') return undefined;
    return { text: `REWARD_TYPE in ${file} is ${type}: it must be batch or sequential.`, at: [REWARD] };
  }),
  rule('batch.per_device_positive', `${WORKERS}:148`, (facts) => {
    const share = perDevice(facts);
    if (share === undefined || share >= 1) return undefined;
    return { text: `${GLOBAL} × ${N} gives each of ${gpus(facts)} GPUs less than one completion.`, at: [GLOBAL] };
  }),
  rule('batch.per_device_mod_update', `${WORKERS}:151`, (facts) => {
    const [share, by] = [perDevice(facts), facts.number(UPDATE)];
    if (share === undefined || share < 1) return undefined;
    return divides(share, by, {
      text: `${share} completions for each device are not divisible by ${UPDATE} = ${by}`,
      key: UPDATE,
      at: [GLOBAL],
    });
  }),
  rule('fsdp.offload_accum', `${WORKERS}:157`, (facts) => {
    const [share, by] = [perDevice(facts), facts.number(UPDATE)];
    if (!facts.is('worker.actor.fsdp.enable_cpu_offload', true) || share === undefined || share === by)
      return undefined;
    return {
      text: `With CPU offload the ${share} completions of a device must be one micro batch: set ${UPDATE} to ${share}.`,
      at: [UPDATE, 'worker.actor.fsdp.enable_cpu_offload'],
      mends: [{ path: UPDATE, value: share }],
    };
  }),
  rule('parallel.tp_le_world', 'verl/workers/rollout/vllm_rollout_spmd.py:111', (facts) => {
    const [world, size] = [gpus(facts), facts.number(TP)];
    if (world === undefined || size === undefined || size <= world) return undefined;
    return {
      text: `${TP} = ${size} needs more than the ${world} GPUs asked for.`,
      at: [TP, 'trainer.n_gpus_per_node'],
      mends: [{ path: TP, value: world }],
    };
  }),
  rule('parallel.tp_divides', `${WORKERS}:385`, (facts) => {
    const [world, size] = [gpus(facts), facts.number(TP)];
    if (world === undefined || size === undefined || size > world) return undefined;
    return divides(world, size, {
      text: `${world} GPUs are not divisible by ${TP} = ${size}`,
      key: TP,
      at: ['trainer.n_gpus_per_node'],
    });
  }),
  rule('length.batched_tokens', 'verl/workers/rollout/vllm_rollout_spmd.py:114', (facts) => {
    const key = 'worker.rollout.max_num_batched_tokens';
    const [limit, prompt, answer] = [
      facts.number(key),
      facts.number('data.max_prompt_length'),
      facts.number('data.max_response_length'),
    ];
    if (limit === undefined || prompt === undefined || answer === undefined || limit >= prompt + answer)
      return undefined;
    const text = `${key} = ${limit} is below max_prompt_length ${prompt} + max_response_length ${answer} = ${prompt + answer}.`;
    return { text, at: [key, 'data.max_response_length'], mends: [{ path: key, value: prompt + answer }] };
  }),
  rule('batch.balance', 'verl/utils/seqlen_balancing.py:105', (facts) => {
    const [prompts, n, world] = [facts.number(ROLLOUT), facts.number(N), gpus(facts)];
    if (prompts === undefined || n === undefined || !world || (prompts * n) % world === 0) return undefined;
    return {
      text: `${prompts} × ${n} = ${prompts * n} completions cannot be shared evenly among ${world} GPUs.`,
      at: [ROLLOUT, 'trainer.n_gpus_per_node'],
    };
  }),
  rule('kl.type', 'verl/trainer/core_algos.py:104', (facts) => {
    const horizon = facts.number('algorithm.kl_horizon');
    if (!facts.is('algorithm.kl_type', 'adaptive') || horizon === undefined || horizon > 0) return undefined;
    return {
      text: `kl_type adaptive needs algorithm.kl_horizon above 0, not ${horizon}.`,
      at: ['algorithm.kl_horizon', 'algorithm.kl_type'],
    };
  }),
  rule('optim.min_lr_ratio', 'verl/utils/torch_functional.py:240', (facts) => {
    const key = 'worker.actor.optim.min_lr_ratio';
    const ratio = facts.value(key);
    if (!facts.is('worker.actor.optim.lr_scheduler_type', 'cosine') || ratio === undefined) return undefined;
    if (typeof ratio === 'number' && ratio >= 0 && ratio <= 1) return undefined;
    return {
      text: `The cosine schedule needs ${key} between 0 and 1.`,
      at: [key, 'worker.actor.optim.lr_scheduler_type'],
      mends: [{ path: key, value: 0 }],
    };
  }),
];
