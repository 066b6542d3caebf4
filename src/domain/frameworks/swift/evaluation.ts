import type { Facts } from '../facts';

/** Is there data to evaluate on (`swift/arguments/base_args/data_args.py:123`)? Undefined where that is not known. */
function hasData(facts: Facts): boolean | undefined {
  if (facts.isSet('val_dataset') || facts.isSet('cached_val_dataset') || facts.isSet('eval_dataset')) return true;
  const ratio = facts.number('split_dataset_ratio');
  return ratio === undefined ? undefined : ratio > 0;
}

/**
 * The rhythm of evaluation: the one of saving unless set, and none without data (`swift/arguments/sft_args.py:227`, `:400`);
 * undefined where that is not known.
 */
export function evaluates(facts: Facts): string | undefined {
  const own = facts.value('eval_strategy');
  const rhythm = own === null ? facts.text('save_strategy') : facts.text('eval_strategy');
  const data = hasData(facts);
  return data === true || rhythm === 'no' ? rhythm : data === false ? 'no' : undefined;
}

/** Steps between two evaluations: those between two checkpoints unless set (`swift/arguments/sft_args.py:408`). */
export function evaluationSteps(facts: Facts): number | undefined {
  return facts.value('eval_steps') === null ? facts.number('save_steps') : facts.number('eval_steps');
}
