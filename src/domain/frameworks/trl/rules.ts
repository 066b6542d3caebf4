import { isForOther } from './ownScript';
import { hydraValue } from '../../dialects/hydra';
import { batchOf } from '../batch';
import type { Facts } from '../facts';
import { recordRule } from '../recording';
import { nearestThatFit, thatWork, type Rule } from '../rule';
import { deepspeedRule } from '../launchers/deepspeed';
import { huggingFace } from '../transformers';
import { processes } from '../world';
import { scriptRules } from './scriptRules';
import { trainerRules } from './trainer';

/** Does the trainer evaluate while it trains? Undefined where that is not known. */
function evaluates(facts: Facts): boolean | undefined {
  const strategy = facts.value('eval_strategy');
  return strategy === undefined ? undefined : strategy !== 'no' && strategy !== null;
}

const argumentRules: readonly Rule[] = [
  {
    id: 'trl.hub_repo_needs_log',
    weight: 'error',
    source: 'trl/trainer/grpo_config.py:1061',
    broken: (facts) =>
      facts.isSet('log_completions_hub_repo') && facts.is('log_completions', false)
        ? {
            text: 'log_completions_hub_repo needs log_completions: nothing would be uploaded.',
            at: ['log_completions_hub_repo'],
            mends: [{ path: 'log_completions', value: true }],
          }
        : undefined,
  },
  {
    id: 'trl.auto_batch',
    weight: 'error',
    source: 'trl/trainer/grpo_config.py:1070',
    broken: (facts) =>
      facts.is('auto_find_batch_size', true)
        ? {
            text: 'GRPO cannot find the batch size by itself: a changed batch would cut groups apart.',
            at: ['auto_find_batch_size'],
            mends: [{ path: 'auto_find_batch_size', value: null }],
          }
        : undefined,
  },
  {
    id: 'trl.cp_sp',
    weight: 'error',
    source: 'trl/trainer/grpo_config.py:1051',
    broken: (facts) => {
      const written = facts.value('parallelism_config');
      const sizes = typeof written === 'string' ? hydraValue(written) : (written ?? null);
      if (sizes === null || typeof sizes !== 'object' || Array.isArray(sizes)) return undefined;
      const { cp_size: cp = 1, sp_size: sp = 1 } = sizes as Record<string, unknown>;
      if (cp === 1 && sp === 1) return undefined;
      return {
        text: 'GRPO supports neither context nor sequence parallelism: cp_size and sp_size must be 1.',
        at: ['parallelism_config'],
      };
    },
  },
  {
    id: 'trl.gen_batch_div_global',
    weight: 'error',
    source: 'trl/trainer/grpo_config.py:1084',
    broken: (facts) => {
      const size = facts.number('generation_batch_size');
      const each = facts.number('per_device_train_batch_size');
      const world = processes(facts);
      if (size === undefined || facts.isSet('steps_per_generation') || !each || !world) return undefined;
      const global = each * world;
      if (size % global === 0) return undefined;
      const near = nearestThatFit(size, (value) => value % global === 0);
      return {
        text: `generation_batch_size = ${size} is not divisible by ${each} × ${world} = ${global}; nearest that work: ${near.join(', ')}.`,
        at: ['generation_batch_size'],
        mends: near.map((value) => ({ path: 'generation_batch_size', value })),
      };
    },
  },
  {
    id: 'trl.gen_batch_exclusive',
    weight: 'error',
    source: 'trl/trainer/grpo_config.py:1094',
    broken: (facts) =>
      facts.isSet('generation_batch_size') && facts.isSet('steps_per_generation')
        ? {
            text: 'generation_batch_size and steps_per_generation exclude each other: each follows from the other.',
            at: ['steps_per_generation', 'generation_batch_size'],
            mends: [
              { path: 'steps_per_generation', value: null },
              { path: 'generation_batch_size', value: null },
            ],
          }
        : undefined,
  },
  {
    id: 'trl.eval_batch_div',
    weight: 'error',
    source: 'trl/trainer/grpo_config.py:1104',
    broken: (facts) => {
      const each = facts.number('per_device_eval_batch_size');
      const world = processes(facts);
      const own = facts.value('num_generations_eval');
      const key = own === null ? 'num_generations' : 'num_generations_eval';
      const group = own === null ? facts.number('num_generations') : own;
      if (!evaluates(facts) || !each || !world || typeof group !== 'number' || group === 0) return undefined;
      const total = each * world;
      if (total % group === 0) return undefined;
      const near = nearestThatFit(group, (value) => total % value === 0);
      return {
        text: `${each} × ${world} = ${total} completions for evaluation are not divisible by ${key} = ${group}${thatWork(near, 'raise per_device_eval_batch_size')}`,
        at: ['per_device_eval_batch_size', key],
        mends: near.map((value) => ({ path: 'num_generations_eval', value })),
      };
    },
  },
  {
    id: 'trl.gen_batch_div_num_generations',
    weight: 'error',
    source: 'trl/trainer/grpo_config.py:1112',
    since: '0.18.0',
    broken: (facts) => {
      const group = facts.number('num_generations');
      const batch = batchOf(facts, processes(facts));
      if (group === undefined || !batch || group === 0 || batch.generation % group === 0) return undefined;
      const near = nearestThatFit(group, (value) => batch.generation % value === 0);
      return {
        text: `${batch.shown} is not divisible by num_generations = ${group}${thatWork(near, 'raise per_device_train_batch_size or gradient_accumulation_steps')}`,
        at: ['num_generations', ...batch.from],
        mends: near.map((value) => ({ path: 'num_generations', value })),
      };
    },
  },
  {
    id: 'trl.num_generations_min',
    weight: 'error',
    source: 'trl/trainer/grpo_config.py:1118',
    since: '0.17.0',
    broken: (facts) => {
      const group = facts.number('num_generations');
      if (group === undefined || group >= 2) return undefined;
      const text = `num_generations = ${group} leaves no group to compare with: GRPO needs at least 2.`;
      return { text, at: ['num_generations'], mends: [{ path: 'num_generations', value: 8 }] };
    },
  },
  {
    id: 'trl.is_clip_order',
    weight: 'error',
    source: 'trl/trainer/grpo_config.py:1137',
    since: '1.6.0',
    broken: (facts) => {
      const [low, high] = [
        facts.number('vllm_importance_sampling_clip_min'),
        facts.number('vllm_importance_sampling_clip_max'),
      ];
      if (low === undefined || high === undefined || low < high) return undefined;
      const at = ['vllm_importance_sampling_clip_min', 'vllm_importance_sampling_clip_max'];
      return {
        text: `vllm_importance_sampling_clip_min = ${low} must be below vllm_importance_sampling_clip_max = ${high}.`,
        at,
      };
    },
  },
  {
    id: 'trl.is_truncate_bound',
    weight: 'error',
    source: 'trl/trainer/grpo_config.py:1148',
    since: '1.6.0',
    broken: (facts) => {
      const mode = facts.text('vllm_importance_sampling_mode');
      const bounds = ['vllm_importance_sampling_clip_min', 'vllm_importance_sampling_clip_max'];
      if (!mode?.endsWith('_truncate') || !facts.is('vllm_importance_sampling_correction', true)) return undefined;
      if (bounds.some((bound) => facts.value(bound) !== null)) return undefined;
      return {
        text: `${mode} needs a bound to truncate at: set vllm_importance_sampling_clip_max.`,
        at: ['vllm_importance_sampling_mode', ...bounds],
      };
    },
  },
];

/** TRL's rules: those of transformers' arguments first, as they are raised, then TRL's own, then the trainer's. */
export const trlRules: readonly Rule[] = [
  ...huggingFace('trl'),
  deepspeedRule('trl'),
  ...argumentRules,
  ...scriptRules,
  ...trainerRules,
  recordRule({
    id: 'trl.nothing_recorded',
    source: 'trl/trainer/grpo_config.py:972',
    key: 'log_completions',
    value: true,
    silent: (facts) => isTraining(facts) && !isForOther(facts) && facts.is('log_completions', false),
  }),
];

/** Half a configuration may be completed elsewhere; one that says where to write and how large groups are is a training's. */
function isTraining(facts: Facts): boolean {
  return facts.given('output_dir') !== undefined && facts.given('num_generations') !== undefined;
}
