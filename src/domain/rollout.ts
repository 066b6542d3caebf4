import type { Score } from './score';

/** One text that the model wrote for one prompt, with what was recorded of it. */
export interface Completion {
  /** Place in the run: 0 for the first row of the first file. */
  readonly row: number;
  /** Training step, or undefined where the record has none. */
  readonly step?: number;
  /** Group this row belongs to: counted over the whole run from 0; undefined where it cannot be known. */
  readonly group?: number;
  readonly prompt: string;
  readonly text: string;
  /** By reward name, in the order of the record. */
  readonly scores: Readonly<Record<string, Score>>;
  readonly advantage: Score;
  /** Every other column of the record, and those joined from the data set (`solution`, `images` …). */
  readonly columns: Readonly<Record<string, unknown>>;
}

/** The completions of one prompt in one step: what GRPO normalises over. */
export interface Rollout {
  readonly step?: number;
  readonly group: number;
  readonly prompt: string;
  readonly completions: readonly Completion[];
}

/** How the groups of a run were found, and so how far they may be believed. */
export type Grouping =
  | { readonly by: 'id'; readonly column: string }
  | { readonly by: 'order'; readonly size: number; readonly proof: 'args' | 'advantages' }
  | { readonly by: 'unknown'; readonly why: string };

/** A row that could not be read, or a file that could not: counted and shown, never dropped. */
export interface BadRow {
  readonly file: string;
  /** 1-based line in a text file; undefined where the whole file is meant. */
  readonly line?: number;
  readonly message: string;
}
