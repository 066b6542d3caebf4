import type { Facts } from '../facts';
import { nearestThatFit, type Rule, type Said } from '../rule';
import { engineOf } from './key';
import { ACTOR, GPUS, gpus, isDynamic, isMegatron, isWhole, REF, ROLLOUT, rule, TRAIN, warning } from './names';

const MINI = `${ACTOR}.ppo_mini_batch_size`;
const MICRO = `${ACTOR}.ppo_micro_batch_size`;
const static_ = (facts: Facts): boolean => isDynamic(facts) === false;

/** Exactly one of a pair: a global size (deprecated) and one for each GPU. */
function pair(facts: Facts, old: string, required: boolean): Said | undefined {
  const each = `${old}_per_gpu`;
  if (!static_(facts)) return undefined;
  if (facts.isSet(old) && facts.isSet(each)) {
    return { text: `${old} and ${each} exclude each other.`, at: [old, each], mends: [{ path: old, value: null }] };
  }
  if (!required || !isWhole(facts) || facts.isSet(old) || facts.isSet(each)) return undefined;
  return { text: `Set ${each}, or ${ACTOR}.use_dynamic_bsz=True.`, at: [each], mends: [{ path: each, value: 4 }] };
}

const usesKl = (facts: Facts): boolean =>
  facts.is(`${ACTOR}.use_kl_loss`, true) || facts.is('algorithm.use_kl_in_reward', true);

/**
 * Over how many GPUs a sequence is spread: the old key counts where it is above 1 (`verl/workers/config/actor.py:330`);
 * undefined for backends that have keys of their own.
 */
function sequenceParallel(facts: Facts): number | undefined {
  if (engineOf(facts.sheet) === 'other') return undefined;
  if (isMegatron(facts)) return facts.number(`${ACTOR}.megatron.context_parallel_size`);
  const old = facts.number(`${ACTOR}.ulysses_sequence_parallel_size`);
  const own = `${ACTOR}.fsdp_config.ulysses_sequence_parallel_size`;
  return old === 1 && facts.parameter(own) ? facts.number(own) : old;
}

function megatronParts(facts: Facts): number | undefined {
  const names = ['tensor_model_parallel_size', 'pipeline_model_parallel_size', 'context_parallel_size'];
  const sizes = names.map((name) => facts.number(`${ACTOR}.megatron.${name}`));
  return sizes.includes(undefined) ? undefined : sizes.reduce<number>((all, size) => all * (size ?? 1), 1);
}

/** Completions of a step: prompts × completions each. */
function total(facts: Facts): number | undefined {
  const [prompts, n] = [facts.number(TRAIN), facts.number(`${ROLLOUT}.n`)];
  return prompts === undefined || n === undefined ? undefined : prompts * n;
}

function notShared(facts: Facts, among: number | undefined, what: string): Said | undefined {
  const all = total(facts);
  if (all === undefined || !among || all % among === 0) return undefined;
  const n = facts.number(`${ROLLOUT}.n`) ?? 1;
  const near = nearestThatFit(facts.number(TRAIN) ?? 1, (value) => (value * n) % among === 0);
  return {
    text: `${facts.number(TRAIN)} × ${n} = ${all} completions are not divisible by ${what} = ${among}; nearest ${TRAIN} that work: ${near.join(', ')}.`,
    at: [TRAIN, `${ROLLOUT}.n`, GPUS],
    mends: near.map((value) => ({ path: TRAIN, value })),
  };
}

/** Completions of a step. */
export function verlSizes(facts: Facts): Readonly<Record<string, number>> {
  const completions = total(facts);
  return completions === undefined ? {} : { completions };
}

/** Rules on batch sizes. Here sizes count prompts, unlike in TRL and ms-swift. */
export const batchRules: readonly Rule[] = [
  rule('parallel.megatron_world', 'verl/utils/config.py:96', (facts) => {
    const [world, parts] = [gpus(facts), megatronParts(facts)];
    if (!static_(facts) || !isMegatron(facts) || !world || !parts || world % parts === 0) return undefined;
    return {
      text: `${world} GPUs are not divisible by TP × PP × CP = ${parts}.`,
      at: [`${ACTOR}.megatron.tensor_model_parallel_size`, GPUS],
    };
  }),
  rule('batch.train_total_vs_megatron_dp', 'verl/utils/config.py:104', (facts) => {
    const [world, parts, micro] = [gpus(facts), megatronParts(facts), facts.number(`${MICRO}_per_gpu`)];
    if (!static_(facts) || !isMegatron(facts) || !world || !parts || !micro) return undefined;
    return notShared(facts, Math.floor(world / parts) * micro, 'data-parallel size × micro batch');
  }),
  rule('batch.train_total_vs_gpus', 'verl/utils/config.py:110', (facts) =>
    static_(facts) && !isMegatron(facts) ? notShared(facts, gpus(facts), 'GPUs') : undefined,
  ),
  rule('batch.actor_micro_exclusive', 'verl/workers/config/actor.py:202', (facts) => pair(facts, MICRO, false)),
  rule('batch.actor_micro_required', 'verl/workers/config/actor.py:209', (facts) =>
    facts.isSet(MICRO) ? undefined : pair(facts, MICRO, true),
  ),
  rule('batch.ref_micro_exclusive_required', 'verl/utils/config.py:159', (facts) =>
    usesKl(facts) ? pair(facts, `${REF}.log_prob_micro_batch_size`, true) : undefined,
  ),
  rule('batch.rollout_micro_exclusive_required', 'verl/utils/config.py:166', (facts) =>
    pair(facts, `${ROLLOUT}.log_prob_micro_batch_size`, true),
  ),
  rule('batch.mini_le_train', 'verl/workers/config/actor.py:227', (facts) => {
    const [train, mini] = [facts.number(TRAIN), facts.number(MINI)];
    if (!static_(facts) || train === undefined || mini === undefined || train >= mini) return undefined;
    return {
      text: `${MINI} = ${mini} is more than ${TRAIN} = ${train}; both count prompts.`,
      at: [MINI, TRAIN],
      mends: [{ path: MINI, value: train }],
    };
  }),
  rule('batch.mini_mod_micro_global', 'verl/workers/config/actor.py:235', (facts) => {
    const [mini, micro] = [facts.number(MINI), facts.number(MICRO)];
    if (!static_(facts) || mini === undefined || !micro || mini % micro === 0) return undefined;
    return { text: `${MINI} = ${mini} is not divisible by ${MICRO} = ${micro}.`, at: [MICRO, MINI] };
  }),
  rule('batch.micro_sp_vs_gpus', 'verl/workers/config/actor.py:240', (facts) => {
    const [micro, sp, world] = [
      facts.number(MICRO),
      facts.number(`${ACTOR}.ulysses_sequence_parallel_size`),
      gpus(facts),
    ];
    if (!static_(facts) || micro === undefined || sp === undefined || !world || micro * sp >= world) return undefined;
    return { text: `${MICRO} ${micro} × sequence parallel ${sp} is below the ${world} GPUs.`, at: [MICRO] };
  }),
  rule('batch.mini_total_vs_dp', 'verl/workers/engine_workers.py:266', (facts) => {
    const [mini, n, world] = [facts.number(MINI), facts.number(`${ROLLOUT}.n`), gpus(facts)];
    const sp = sequenceParallel(facts);
    if (isMegatron(facts) || mini === undefined || n === undefined || !world || !sp || world % sp !== 0)
      return undefined;
    const dp = world / sp;
    if ((mini * n) % dp === 0) return undefined;
    const near = nearestThatFit(mini, (value) => (value * n) % dp === 0);
    return {
      text: `${mini} × ${n} = ${mini * n} completions of a mini batch are not divisible by the data-parallel size ${dp}; nearest ${MINI} that work: ${near.join(', ')}.`,
      at: [MINI, `${ROLLOUT}.n`],
      mends: near.map((value) => ({ path: MINI, value })),
    };
  }),
  rule('batch.dynamic_flags_equal', 'verl/workers/engine_workers.py:615', (facts) => {
    const [actor, rollout] = [
      facts.value(`${ACTOR}.use_dynamic_bsz`),
      facts.value(`${ROLLOUT}.log_prob_use_dynamic_bsz`),
    ];
    if (typeof actor !== 'boolean' || typeof rollout !== 'boolean' || actor === rollout) return undefined;
    const key = `${ROLLOUT}.log_prob_use_dynamic_bsz`;
    return {
      text: `${key} is ${rollout}, ${ACTOR}.use_dynamic_bsz is ${actor}: both must be the same.`,
      at: [key],
      mends: [{ path: key, value: actor }],
    };
  }),
  rule('batch.dynamic_token_budget_set', 'verl/workers/engine_workers.py:632', (facts) => {
    const keys = [`${ACTOR}.ppo_max_token_len_per_gpu`, `${ROLLOUT}.log_prob_max_token_len_per_gpu`];
    const key = isDynamic(facts) ? keys.find((path) => facts.given(path)?.value === null) : undefined;
    return key === undefined ? undefined : { text: `use_dynamic_bsz needs ${key}.`, at: [key] };
  }),
  rule('batch.static_per_gpu_set', 'verl/workers/engine_workers.py:635', (facts) => {
    const key = static_(facts)
      ? [MICRO, `${ROLLOUT}.log_prob_micro_batch_size`].find(
          (path) => facts.isSet(path) && !facts.isSet(`${path}_per_gpu`),
        )
      : undefined;
    if (key === undefined) return undefined;
    const text = `${key} is not enough any more: set ${key}_per_gpu.`;
    return { text, at: [key], mends: [{ path: `${key}_per_gpu`, value: 4 }] };
  }),
  warning('length.token_budget_vs_sequence', 'verl/utils/seqlen_balancing.py:384', (facts) => {
    const key = `${ACTOR}.ppo_max_token_len_per_gpu`;
    const [budget, sp] = [facts.number(key), sequenceParallel(facts)];
    const [prompt, answer] = [facts.number('data.max_prompt_length'), facts.number('data.max_response_length')];
    if (!isDynamic(facts) || budget === undefined || !sp || prompt === undefined || answer === undefined)
      return undefined;
    if (budget * sp >= prompt + answer) return undefined;
    const needed = Math.ceil((prompt + answer) / sp);
    return {
      text: `${key} ${budget} × ${sp} is below max_prompt_length ${prompt} + max_response_length ${answer} = ${prompt + answer}: a longer sequence stops the training.`,
      at: [key],
      mends: [{ path: key, value: needed }],
    };
  }),
  rule('critic.micro', 'verl/workers/config/critic.py:108', (facts) => {
    const [old, each] = ['critic.ppo_micro_batch_size', 'critic.ppo_micro_batch_size_per_gpu'];
    const dynamic = facts.given('critic.use_dynamic_bsz') ? facts.value('critic.use_dynamic_bsz') : isDynamic(facts);
    if (!facts.is('algorithm.adv_estimator', 'gae') || dynamic !== false) return undefined;
    if (facts.isSet(old) && facts.isSet(each))
      return { text: `${old} and ${each} exclude each other.`, at: [old, each], mends: [{ path: old, value: null }] };
    if (!isWhole(facts) || facts.isSet(old) || facts.isSet(each)) return undefined;
    return { text: `The critic of gae needs ${each}.`, at: [each], mends: [{ path: each, value: 4 }] };
  }),
  rule('critic.mini_le_train', 'verl/workers/config/critic.py:125', (facts) => {
    const key = 'critic.ppo_mini_batch_size';
    const [train, mini] = [facts.number(TRAIN), facts.number(key)];
    const critic = facts.is('algorithm.adv_estimator', 'gae') && facts.is('critic.use_dynamic_bsz', false);
    if (!critic || train === undefined || mini === undefined || train >= mini) return undefined;
    return {
      text: `${key} = ${mini} is more than ${TRAIN} = ${train}.`,
      at: [key, TRAIN],
      mends: [{ path: key, value: train }],
    };
  }),
];
