import type { Facts } from '../facts';
import type { Rule } from '../rule';

/** Names that `--reward_funcs` knows without a plugin (`swift/rewards/orm.py`). */
export const BUILT_IN = new Set([
  'accuracy',
  'format',
  'react_format',
  'cosine',
  'repetition',
  'soft_overlong',
  'toolbench',
  'math',
]);

/** Rewards of all kinds that weights are given for; undefined where a list is not known. */
export function rewardCount(facts: Facts): number | undefined {
  const counts = ['reward_funcs', 'reward_model'].map((path) => {
    const value = facts.value(path);
    return value === null ? 0 : facts.list(path)?.length;
  });
  if (counts.includes(undefined)) return undefined;
  return counts.reduce<number>((sum, count) => sum + (count ?? 0), facts.is('use_gym_env', true) ? 1 : 0);
}

/** Rules on rewards and the data they score. */
export const rewardRules: readonly Rule[] = [
  {
    id: 'swift.reward_source_required',
    weight: 'error',
    source: 'swift/rlhf_trainers/grpo_trainer.py:127',
    broken: (facts) => {
      const sources = ['reward_funcs', 'reward_model', 'use_gym_env', 'teacher_model', 'teacher_model_server'];
      const any = sources.some((path) => facts.mayBeSet(path));
      // A server with a gym scores by itself, and tells so only when it is asked.
      if (any || facts.is('vllm_mode', 'server') || !facts.given('rlhf_type')) return undefined;
      return {
        text: 'Nothing scores the completions: set reward_funcs (accuracy, format, or names from external_plugins).',
        at: ['reward_funcs', 'rlhf_type'],
        mends: [{ path: 'reward_funcs', value: 'accuracy' }],
      };
    },
  },
  {
    id: 'swift.reward_func_known',
    weight: 'error',
    source: 'swift/rlhf_trainers/grpo_trainer.py:2211',
    broken: (facts) => {
      const names = facts.list('reward_funcs');
      if (!names || facts.mayBeSet('external_plugins') || facts.mayBeSet('custom_register_path')) return undefined;
      const unknown = names.find((name) => typeof name === 'string' && !BUILT_IN.has(name));
      if (unknown === undefined) return undefined;
      return {
        text: `No reward is called ${String(unknown)}: without external_plugins there are ${[...BUILT_IN].join(', ')}.`,
        at: ['reward_funcs'],
      };
    },
  },
  {
    id: 'swift.reward_weights_len',
    weight: 'error',
    source: 'swift/rlhf_trainers/grpo_trainer.py:2251',
    broken: (facts) => {
      const [weights, count] = [facts.list('reward_weights'), rewardCount(facts)];
      if (!weights || count === undefined || count === 0 || weights.length === count) return undefined;
      return {
        text: `${weights.length} reward_weights for ${count} rewards: give one weight for each.`,
        at: ['reward_weights', 'reward_funcs'],
      };
    },
  },
  {
    id: 'swift.reward_model_plugin_len',
    weight: 'error',
    source: 'swift/rlhf_trainers/grpo_trainer.py:2230',
    broken: (facts) => {
      const [plugins, rewards] = [facts.list('reward_model_plugin'), facts.list('reward_model')];
      if (!plugins || !rewards || plugins.length === rewards.length) return undefined;
      return {
        text: `${plugins.length} reward_model_plugin for ${rewards.length} reward_model: give one for each.`,
        at: ['reward_model_plugin'],
      };
    },
  },
  {
    id: 'swift.reward_model_plugin_known',
    weight: 'error',
    source: 'swift/rlhf_trainers/grpo_trainer.py:2239',
    broken: (facts) => {
      const names = facts.list('reward_model_plugin');
      if (!names || facts.mayBeSet('external_plugins')) return undefined;
      const unknown = names.find((name) => typeof name === 'string' && !['default', 'genrm'].includes(name));
      if (unknown === undefined) return undefined;
      return {
        text: `No reward model plugin is called ${String(unknown)}: without external_plugins there are default and genrm.`,
        at: ['reward_model_plugin'],
      };
    },
  },
  {
    id: 'swift.reward_model_lists',
    weight: 'error',
    source: 'swift/pipelines/train/rlhf.py:149',
    broken: (facts) => {
      const rewards = facts.list('reward_model');
      const other = ['reward_model_type', 'reward_template', 'reward_model_revision'].find((path) => {
        const list = facts.list(path);
        return list !== undefined && rewards !== undefined && list.length !== rewards.length;
      });
      if (other === undefined) return undefined;
      return {
        text: `${other} needs one entry for each of the ${rewards?.length ?? 0} reward models.`,
        at: [other, 'reward_model'],
      };
    },
  },
  {
    id: 'swift.soft_overlong_cache',
    weight: 'error',
    source: 'swift/arguments/rlhf_args.py:364',
    broken: (facts) =>
      facts.list('reward_funcs')?.includes('soft_overlong') && !facts.mayBeSet('soft_cache_length')
        ? {
            text: 'The reward soft_overlong needs soft_cache_length.',
            at: ['reward_funcs'],
            mends: [{ path: 'soft_cache_length', value: 256 }],
          }
        : undefined,
  },
  {
    id: 'swift.soft_overlong_order',
    weight: 'error',
    source: 'swift/rewards/orm.py:220',
    broken: (facts) => {
      const cache = facts.number('soft_cache_length');
      const set = facts.value('soft_max_length');
      const longest = set === null ? facts.number('max_completion_length') : set;
      if (!facts.list('reward_funcs')?.includes('soft_overlong')) return undefined;
      if (cache === undefined || typeof longest !== 'number' || cache < longest) return undefined;
      const key = set === null ? 'max_completion_length' : 'soft_max_length';
      return {
        text: `soft_cache_length = ${cache} must be below ${key} = ${longest}.`,
        at: ['soft_cache_length', key],
      };
    },
  },
  {
    id: 'swift.no_cached_dataset',
    weight: 'error',
    source: 'swift/arguments/rlhf_args.py:343',
    broken: (facts) => {
      const key = ['cached_dataset', 'cached_val_dataset'].find((path) => (facts.list(path) ?? []).length > 0);
      return key === undefined
        ? undefined
        : { text: `GRPO does not read ${key}.`, at: [key], mends: [{ path: key, value: null }] };
    },
  },
  {
    id: 'swift.dataset_required',
    weight: 'error',
    source: 'swift/arguments/sft_args.py:219',
    broken: (facts) => {
      const any = ['dataset', 'cached_dataset', 'custom_dataset_info'].some((path) => facts.mayBeSet(path));
      if (any || !facts.given('model')) return undefined;
      return { text: 'No data set is given: set dataset.', at: ['dataset', 'model'] };
    },
  },
  {
    id: 'swift.truncation_strategy',
    weight: 'error',
    source: 'swift/arguments/rlhf_args.py:353',
    broken: (facts) => {
      const given = facts.text('truncation_strategy');
      if (given === undefined || !['right', 'split'].includes(given)) return undefined;
      const text = `GRPO takes left or delete as truncation_strategy, not ${given}.`;
      return { text, at: ['truncation_strategy'], mends: [{ path: 'truncation_strategy', value: 'left' }] };
    },
  },
  {
    id: 'swift.dynamic_sample_rewards',
    weight: 'error',
    source: 'swift/arguments/rlhf_args.py:693',
    broken: (facts) => {
      const distils = facts.isSet('teacher_model') || facts.isSet('teacher_model_server');
      if (!distils || !facts.is('dynamic_sample', true) || facts.mayBeSet('reward_funcs')) return undefined;
      return { text: 'dynamic_sample needs reward_funcs when a teacher is distilled.', at: ['dynamic_sample'] };
    },
  },
];
