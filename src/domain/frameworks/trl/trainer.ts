import type { Facts } from '../facts';
import type { Rule, Said } from '../rule';
import { processes } from '../world';

/** A rule that TRL's trainer raises after the arguments were accepted: it stops the run, a little later. */
function later(id: string, line: number, broken: (facts: Facts) => Said | undefined): Rule {
  return { id, weight: 'warning', source: `trl/trainer/grpo_trainer.py:${line}`, broken };
}

const liger = (facts: Facts): boolean => facts.is('use_liger_kernel', true);

/** Rules of the trainer and its helpers. They are warnings, since TRL accepts the arguments themselves. */
export const trainerRules: readonly Rule[] = [
  later('trl.reward_weights_len', 530, (facts) => {
    const [weights, rewards] = [facts.list('reward_weights'), facts.list('reward_funcs')];
    if (!weights || !rewards || weights.length === rewards.length) return undefined;
    const text = `${weights.length} reward_weights for ${rewards.length} reward_funcs: give one weight for each.`;
    return { text, at: ['reward_weights', 'reward_funcs'] };
  }),
  later('trl.liger_seq_mask', 786, (facts) =>
    liger(facts) && facts.isSet('off_policy_mask_threshold')
      ? {
          text: 'use_liger_kernel does not know off_policy_mask_threshold.',
          at: ['off_policy_mask_threshold'],
          mends: [{ path: 'off_policy_mask_threshold', value: null }],
        }
      : undefined,
  ),
  later('trl.liger_entropy_mask', 815, (facts) => {
    const quantile = facts.number('top_entropy_quantile');
    if (!liger(facts) || quantile === undefined || quantile >= 1) return undefined;
    const text = `use_liger_kernel wants top_entropy_quantile = 1, not ${quantile}.`;
    return {
      text,
      at: ['top_entropy_quantile', 'use_liger_kernel'],
      mends: [{ path: 'top_entropy_quantile', value: 1 }],
    };
  }),
  later('trl.liger_entropy_bonus', 836, (facts) => {
    const bonus = facts.number('entropy_coef');
    if (!liger(facts) || bonus === undefined || bonus === 0) return undefined;
    return {
      text: 'use_liger_kernel knows no entropy bonus.',
      at: ['entropy_coef'],
      mends: [{ path: 'entropy_coef', value: 0 }],
    };
  }),
  later('trl.liger_level', 818, (facts) => {
    const level = facts.text('importance_sampling_level');
    if (!liger(facts) || level === undefined || level === 'token' || level === 'sequence') return undefined;
    return {
      text: `use_liger_kernel wants importance_sampling_level token or sequence, not ${level}.`,
      at: ['importance_sampling_level', 'use_liger_kernel'],
      mends: [{ path: 'importance_sampling_level', value: 'token' }],
    };
  }),
  later('trl.luspo_level', 892, (facts) => wantsLevel(facts, 'luspo', 'sequence')),
  later('trl.vespo_level', 898, (facts) => wantsLevel(facts, 'vespo', 'token')),
  later('trl.gspo_loss', 904, (facts) => {
    const loss = facts.text('loss_type');
    if (!facts.is('importance_sampling_level', 'sequence') || !loss) return undefined;
    if (!['bnpo', 'dr_grpo', 'dapo', 'cispo'].includes(loss) || !facts.given('importance_sampling_level'))
      return undefined;
    const text = `importance_sampling_level = sequence with loss_type = ${loss} weights answers by their length: grpo is suggested.`;
    return { text, at: ['importance_sampling_level', 'loss_type'], mends: [{ path: 'loss_type', value: 'grpo' }] };
  }),
  later('trl.vespo_is', 913, (facts) => {
    const mode = facts.text('vllm_importance_sampling_mode');
    const corrects = facts.is('use_vllm', true) && facts.is('vllm_importance_sampling_correction', true);
    if (!facts.is('loss_type', 'vespo') || !corrects || !mode?.startsWith('sequence')) return undefined;
    const text = `loss_type = vespo wants token_truncate or token_mask, not ${mode}.`;
    return {
      text,
      at: ['vllm_importance_sampling_mode'],
      mends: [{ path: 'vllm_importance_sampling_mode', value: 'token_truncate' }],
    };
  }),
  later('trl.sync_ref_beta', 1147, (facts) =>
    facts.is('sync_ref_model', true) && facts.is('beta', 0)
      ? {
          text: 'sync_ref_model has nothing to synchronise: with beta = 0 no reference model is loaded.',
          at: ['sync_ref_model', 'beta'],
        }
      : undefined,
  ),
  later('trl.sync_ref_peft', 1153, (facts) =>
    facts.is('sync_ref_model', true) && facts.is('use_peft', true)
      ? {
          text: 'sync_ref_model does not work with use_peft.',
          at: ['sync_ref_model', 'use_peft'],
          mends: [{ path: 'sync_ref_model', value: false }],
        }
      : undefined,
  ),
  {
    ...later('trl.tp_divides_world', 0, (facts) => {
      const [world, size] = [processes(facts), facts.number('vllm_tensor_parallel_size')];
      const colocated = facts.is('use_vllm', true) && facts.is('vllm_mode', 'colocate');
      if (!colocated || !world || !size || world % size === 0) return undefined;
      return {
        text: `${world} processes are not divisible by vllm_tensor_parallel_size = ${size}.`,
        at: ['vllm_tensor_parallel_size'],
      };
    }),
    source: 'trl/generation/vllm_generation.py:318',
  },
  {
    ...later('trl.vllm_8bit', 0, (facts) =>
      facts.is('use_vllm', true) && facts.is('load_in_8bit', true)
        ? {
            text: 'vLLM cannot quantise to 8 bit in flight: use load_in_4bit, or no vLLM.',
            at: ['load_in_8bit'],
            mends: [{ path: 'load_in_8bit', value: false }],
          }
        : undefined,
    ),
    source: 'trl/generation/vllm_generation.py:348',
  },
  {
    id: 'trl.bits_exclusive',
    weight: 'error',
    source: 'trl/trainer/model_config.py:175',
    broken: (facts) =>
      facts.is('load_in_8bit', true) && facts.is('load_in_4bit', true)
        ? {
            text: 'load_in_8bit and load_in_4bit exclude each other.',
            at: ['load_in_8bit', 'load_in_4bit'],
            mends: [{ path: 'load_in_8bit', value: false }],
          }
        : undefined,
  },
];

function wantsLevel(facts: Facts, loss: string, level: string): Said | undefined {
  const given = facts.text('importance_sampling_level');
  if (!facts.is('loss_type', loss) || given === undefined || given === level) return undefined;
  const text = `loss_type = ${loss} expects importance_sampling_level = ${level}, not ${given}.`;
  return {
    text,
    at: ['importance_sampling_level', 'loss_type'],
    mends: [{ path: 'importance_sampling_level', value: level }],
  };
}
