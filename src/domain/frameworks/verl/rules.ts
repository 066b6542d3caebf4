import type { Facts } from '../facts';
import type { Rule } from '../rule';
import { algorithmRules } from './algorithmRules';
import { batchRules } from './batchRules';
import { isWhole } from './names';
import { recordRule } from '../recording';
import { rolloutRules } from './rolloutRules';

const unrecorded = recordRule({
  id: 'verl.nothing_recorded',
  source: 'verl/trainer/ppo/v1/trainer_base.py:1137',
  since: '0.4.0',
  key: 'trainer.rollout_data_dir',
  value: 'rollouts',
  silent: (facts) => isWhole(facts) && facts.is('trainer.rollout_data_dir', null),
});

/** verl's rules between parameters: batch sizes first, as `validate_config` has them. */
export const verlRules: readonly Rule[] = [...batchRules, ...rolloutRules, ...algorithmRules, unrecorded].map(
  (rule) => ({
    ...rule,
    broken: (facts) => (isOwn(facts) ? rule.broken(facts) : undefined),
  }),
);

/** Programs of the same family share the keys, not every check. */
function isOwn({ sheet }: Facts): boolean {
  return sheet.dialect !== 'overrides' || sheet.command.at(-1) === 'verl.trainer.main_ppo';
}
