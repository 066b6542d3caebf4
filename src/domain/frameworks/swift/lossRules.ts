import type { Facts } from '../facts';
import type { Mend, Rule } from '../rule';

const ARGS = 'swift/arguments/rlhf_args.py';
const liger = (facts: Facts): boolean => facts.is('use_liger_kernel', true);

/** One thing that the liger kernel does not do. */
function withLiger(
  id: string,
  line: number,
  wrong: (facts: Facts) => boolean,
  what: { readonly text: string; readonly mend: Mend },
): Rule {
  return {
    id: `swift.liger_${id}`,
    weight: 'error',
    source: `${ARGS}:${line}`,
    broken: (facts) =>
      liger(facts) && wrong(facts)
        ? {
            text: `use_liger_kernel ${what.text}.`,
            at: [what.mend.path, 'use_liger_kernel'],
            mends: [what.mend, { path: 'use_liger_kernel', value: false }],
          }
        : undefined,
  };
}

const isOther = (facts: Facts, path: string, ...fine: readonly unknown[]): boolean => {
  const value = facts.value(path);
  return value !== undefined && value !== null && !fine.includes(value);
};

/** Rules on the loss, its kernel and the reference model. */
export const lossRules: readonly Rule[] = [
  withLiger('delta', 548, (facts) => isOther(facts, 'delta'), {
    text: 'does not know delta',
    mend: { path: 'delta', value: null },
  }),
  withLiger('sp', 550, (facts) => isOther(facts, 'sequence_parallel_size', 1), {
    text: 'wants sequence_parallel_size = 1',
    mend: { path: 'sequence_parallel_size', value: 1 },
  }),
  withLiger('padding_free', 552, (facts) => facts.is('padding_free', true), {
    text: 'does not work with padding_free',
    mend: { path: 'padding_free', value: false },
  }),
  withLiger('entropy_mask', 554, (facts) => isOther(facts, 'top_entropy_quantile', 1), {
    text: 'wants top_entropy_quantile = 1',
    mend: { path: 'top_entropy_quantile', value: 1 },
  }),
  withLiger('log_entropy', 556, (facts) => facts.is('log_entropy', true), {
    text: 'cannot log entropy',
    mend: { path: 'log_entropy', value: false },
  }),
  withLiger('seq_mask', 558, (facts) => isOther(facts, 'off_policy_sequence_mask_delta'), {
    text: 'does not know off_policy_sequence_mask_delta',
    mend: { path: 'off_policy_sequence_mask_delta', value: null },
  }),
  withLiger('level', 560, (facts) => isOther(facts, 'importance_sampling_level', 'token', 'sequence'), {
    text: 'wants importance_sampling_level token or sequence',
    mend: { path: 'importance_sampling_level', value: 'token' },
  }),
  withLiger('estimator', 565, (facts) => isOther(facts, 'advantage_estimator', 'grpo'), {
    text: 'wants advantage_estimator grpo',
    mend: { path: 'advantage_estimator', value: 'grpo' },
  }),
  {
    id: 'swift.teacher_liger',
    weight: 'error',
    source: `${ARGS}:412`,
    broken: (facts) =>
      liger(facts) && (facts.isSet('teacher_model') || facts.isSet('teacher_model_server'))
        ? {
            text: 'use_liger_kernel does not work with a teacher.',
            at: ['use_liger_kernel'],
            mends: [{ path: 'use_liger_kernel', value: false }],
          }
        : undefined,
  },
  {
    id: 'swift.teacher_exclusive',
    weight: 'error',
    source: `${ARGS}:415`,
    broken: (facts) =>
      facts.isSet('teacher_model') && facts.isSet('teacher_model_server')
        ? {
            text: 'teacher_model and teacher_model_server exclude each other.',
            at: ['teacher_model', 'teacher_model_server'],
            mends: [{ path: 'teacher_model', value: null }],
          }
        : undefined,
  },
  {
    id: 'swift.teacher_losses',
    weight: 'error',
    source: `${ARGS}:684`,
    broken: (facts) => {
      const teacher = facts.isSet('teacher_model') || facts.isSet('teacher_model_server');
      const [loss] = facts.list('loss_type') ?? [];
      if (!teacher || (loss !== 'real' && loss !== 'fipo' && !isOther(facts, 'off_policy_sequence_mask_delta')))
        return undefined;
      const at = loss === 'real' || loss === 'fipo' ? 'loss_type' : 'off_policy_sequence_mask_delta';
      return {
        text: 'With a teacher neither loss_type real or fipo nor off_policy_sequence_mask_delta may be set.',
        at: [at],
      };
    },
  },
  {
    id: 'swift.loss_type_single',
    weight: 'error',
    source: `${ARGS}:318`,
    broken: (facts) => {
      const losses = facts.list('loss_type');
      return losses && losses.length > 1
        ? { text: `GRPO takes one loss_type, not ${losses.length}.`, at: ['loss_type'] }
        : undefined;
    },
  },
  {
    id: 'swift.real_no_scale',
    weight: 'warning',
    source: `${ARGS}:379`,
    broken: (facts) =>
      facts.list('loss_type')?.includes('real') && isOther(facts, 'scale_rewards', 'none')
        ? {
            text: 'loss_type real sets scale_rewards to none.',
            at: ['scale_rewards'],
            mends: [{ path: 'scale_rewards', value: 'none' }],
          }
        : undefined,
  },
  {
    id: 'swift.gdpo_no_kl_reward',
    weight: 'warning',
    source: 'swift/rlhf_trainers/grpo_trainer.py:2155',
    broken: (facts) =>
      facts.is('scale_rewards', 'gdpo') && facts.is('kl_in_reward', true)
        ? {
            text: 'scale_rewards gdpo turns kl_in_reward off.',
            at: ['kl_in_reward'],
            mends: [{ path: 'kl_in_reward', value: false }],
          }
        : undefined,
  },
  {
    id: 'swift.ref_model_lora',
    weight: 'error',
    source: `${ARGS}:298`,
    broken: (facts) =>
      facts.isSet('ref_model') && isOther(facts, 'tuner_type', 'full') && !facts.is('beta', 0)
        ? {
            text: 'ref_model works with tuner_type full only: adapters take the base model as the reference.',
            at: ['ref_model', 'tuner_type'],
            mends: [{ path: 'ref_model', value: null }],
          }
        : undefined,
  },
];
