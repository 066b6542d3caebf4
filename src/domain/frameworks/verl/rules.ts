import type { Facts } from '../facts';
import type { Rule } from '../rule';
import { algorithmRules } from './algorithmRules';
import { batchRules } from './batchRules';
import { rolloutRules } from './rolloutRules';

/** verl's rules between parameters: batch sizes first, as `validate_config` has them. */
export const verlRules: readonly Rule[] = [...batchRules, ...rolloutRules, ...algorithmRules].map((rule) => ({
  ...rule,
  broken: (facts) => (isOwn(facts) ? rule.broken(facts) : undefined),
}));

/** Programs of the same family share the keys, not every check. */
function isOwn({ sheet }: Facts): boolean {
  return sheet.dialect !== 'overrides' || sheet.command.at(-1) === 'verl.trainer.main_ppo';
}
