import type { Rule } from '../rule';
import { algorithmRules } from './algorithmRules';
import { batchRules } from './batchRules';
import { rolloutRules } from './rolloutRules';

/** verl's rules between parameters: batch sizes first, as `validate_config` has them. */
export const verlRules: readonly Rule[] = [...batchRules, ...rolloutRules, ...algorithmRules];
