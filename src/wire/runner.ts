import * as v from 'valibot';
import type { Ask } from './wire';

const reward = v.object({
  name: v.string(),
  line: v.number(),
  kind: v.picklist(['function', 'class']),
  call: v.picklist(['trl', 'swift', 'verl', 'easyr1', 'own']),
  async: v.boolean(),
  needs: v.array(v.string()),
  takesAny: v.boolean(),
});

const jsonScore = v.union([v.number(), v.picklist(['none', 'nan', 'error', 'unknown', 'withheld', 'inf', '-inf'])]);

const scoreError = v.object({
  type: v.string(),
  message: v.string(),
  line: v.optional(v.number()),
  samples: v.array(v.number()),
});

const scored = v.object({
  reward: v.string(),
  scores: v.array(jsonScore),
  errors: v.array(scoreError),
  withheld: v.optional(v.string()),
  stubbed: v.array(v.string()),
});

const found = v.object({
  rewards: v.array(reward),
  /** Why the text could not be read whole: a syntax error with its 1-based line. */
  broken: v.optional(v.object({ line: v.number(), message: v.string() })),
});

/** What Python answers, checked before it is believed. */
export const runnerAnswers = { find: found, data: v.object({ rows: v.number() }), score: scored };

export type FoundRewards = v.InferOutput<typeof found>;
export type ScoredAnswer = v.InferOutput<typeof scored>;

export interface ScoreRequest {
  /** The file's text, saved or not. */
  readonly source: string;
  /** Its absolute path: imports beside it work, tracebacks name it. */
  readonly path: string;
  readonly reward: string;
  /** Id of columns that were sent by `data`. */
  readonly data: string;
  /** Rows [from, to) that the trainer passed in one call; together they cover every sample once. */
  readonly batches: readonly (readonly [number, number])[];
  /** Seconds for one call. */
  readonly timeout: number;
}

/** What the Python side answers. It runs in the user's interpreter with nothing installed. */
export interface Runner {
  readonly asks: {
    /** The rewards of a text, by its syntax tree, without importing it. */
    readonly find: Ask<{ readonly source: string; readonly path: string }, FoundRewards>;
    /** Keeps columns (all of one length) under an id for later calls; sent once. */
    readonly data: Ask<
      { readonly id: string; readonly columns: Readonly<Record<string, readonly unknown[]>> },
      { rows: number }
    >;
    /** One reward on all rows of `data`, called as its framework calls it. */
    readonly score: Ask<ScoreRequest, ScoredAnswer>;
  };
  readonly tells: {
    readonly ready: { readonly python: string; readonly pid: number };
    /** What the user's code printed, capped. */
    readonly printed: { readonly text: string; readonly dropped: number };
  };
}
