import type { Rule } from '../rule';

/** Rules between parameters. */
export const easyr1Rules: readonly Rule[] = [];
