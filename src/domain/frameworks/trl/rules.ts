import type { Rule } from '../rule';

/** Rules between parameters. */
export const trlRules: readonly Rule[] = [];
