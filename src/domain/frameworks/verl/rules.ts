import type { Rule } from '../rule';

/** Rules between parameters. */
export const verlRules: readonly Rule[] = [];
