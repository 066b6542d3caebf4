import type { Rule } from '../rule';

/** Rules between parameters. */
export const swiftRules: readonly Rule[] = [];
