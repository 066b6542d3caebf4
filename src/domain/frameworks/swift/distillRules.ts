import type { Facts } from '../facts';
import type { Rule, Said } from '../rule';

const ARGS = 'swift/arguments/rlhf_args.py';
const liger = (facts: Facts): boolean => facts.is('use_liger_kernel', true);
const serves = (facts: Facts): boolean => facts.isSet('teacher_model_server');
const lossOf = (facts: Facts): unknown => facts.list('loss_type')?.[0];
const reweights = (facts: Facts): boolean => facts.is('advantage_reweight', 'rlsd');

/** What advantage_reweight=rlsd does not go with (`_check_rlsd`). */
function rlsd(facts: Facts): Said | undefined {
  if (!reweights(facts)) return undefined;
  const [lambda, clip] = [facts.number('rlsd_lambda'), facts.number('rlsd_reweight_clip_range')];
  if (lambda !== undefined && (lambda < 0 || lambda > 1))
    return { text: `rlsd_lambda = ${lambda} must lie between 0 and 1.`, at: ['rlsd_lambda'] };
  if (clip !== undefined && clip < 0)
    return { text: `rlsd_reweight_clip_range = ${clip} must not be negative.`, at: ['rlsd_reweight_clip_range'] };
  if (!facts.mayBeSet('reward_funcs'))
    return { text: 'advantage_reweight rlsd needs reward_funcs.', at: ['advantage_reweight'] };
  const loss = lossOf(facts);
  const other = liger(facts)
    ? 'use_liger_kernel'
    : loss === 'real' || loss === 'fipo'
      ? 'loss_type'
      : ['off_policy_sequence_mask_delta', 'teacher_model_server'].find((path) => facts.isSet(path));
  return other === undefined
    ? undefined
    : { text: `advantage_reweight rlsd does not work with ${other}.`, at: [other, 'advantage_reweight'] };
}

/** What sdar_loss_coef above 0 does not go with (`_check_sdar`). */
function sdar(facts: Facts): Said | undefined {
  const [coefficient, gate] = [facts.number('sdar_loss_coef'), facts.number('sdar_gate_beta')];
  if (coefficient === undefined || coefficient <= 0) return undefined;
  if (gate !== undefined && gate <= 0)
    return { text: `sdar_loss_coef needs sdar_gate_beta above 0, not ${gate}.`, at: ['sdar_gate_beta'] };
  const other = liger(facts)
    ? 'use_liger_kernel'
    : reweights(facts)
      ? 'advantage_reweight'
      : serves(facts)
        ? 'teacher_model_server'
        : undefined;
  return other === undefined
    ? undefined
    : { text: `sdar_loss_coef does not work with ${other}.`, at: ['sdar_loss_coef', other] };
}

/** Rules on what a teacher adds to the advantage or the loss. */
export const distillRules: readonly Rule[] = [
  { id: 'swift.rlsd', weight: 'error', source: `${ARGS}:590`, since: '4.4.3', broken: rlsd },
  { id: 'swift.sdar', weight: 'error', source: `${ARGS}:642`, since: '4.4.3', broken: sdar },
];
