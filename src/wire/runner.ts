import * as v from 'valibot';
import type { FrameworkId } from '../domain/frameworks/framework';
import { frameworkIds } from '../domain/frameworks/framework';
import type { Ask } from './wire';

const jsonScore = v.union([v.number(), v.picklist(['none', 'nan', 'error', 'unknown', 'withheld', 'inf', '-inf'])]);
const place = v.pipe(v.number(), v.integer(), v.minValue(0));

const reward = v.object({
  name: v.string(),
  line: v.number(),
  kind: v.picklist(['function', 'class']),
  call: v.picklist<readonly FrameworkId[]>(frameworkIds),
  async: v.boolean(),
  needs: v.array(v.string()),
  takesAny: v.boolean(),
  registered: v.array(v.string()),
  shape: v.picklist(['batch', 'single']),
});

const scoreError = v.object({
  type: v.string(),
  message: v.string(),
  line: v.optional(v.number()),
  samples: v.array(place),
});

const scored = v.object({
  reward: v.string(),
  scores: v.array(jsonScore),
  components: v.record(v.string(), v.array(jsonScore)),
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
export const runnerAnswers = { find: found, data: v.object({ rows: v.number() }), score: scored, idle: v.null_() };

/** What Python tells by itself, checked likewise. */
export const runnerTells = {
  ready: v.object({ python: v.string(), pid: v.number() }),
  printed: v.object({ text: v.string(), dropped: v.number() }),
  part: v.object({ run: v.number(), from: place, scores: v.array(jsonScore) }),
};

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
  /** Rows [from, to) that the trainer passed in one call; together they cover every sample at most once. */
  readonly batches: readonly (readonly [number, number])[];
  /** Seconds for one call. */
  readonly timeout: number;
  /** With it, `part`s of this number are told while the rows are scored. */
  readonly run?: number;
  /** Show numbers also where a missing verifier makes them differ from training's. */
  readonly approximate?: boolean;
}

/** What the Python side answers. It runs in the user's interpreter with nothing installed. */
export interface Runner {
  readonly asks: {
    /** The rewards of a text, by its syntax tree, without importing it. */
    readonly find: Ask<{ readonly source: string; readonly path: string }, FoundRewards>;
    /** Keeps columns (all of one length) under an id for later calls; the last four ids are kept. */
    readonly data: Ask<
      {
        readonly id: string;
        readonly columns: Readonly<Record<string, readonly unknown[]>>;
        /** The data set holds messages, even where `prompt` is their rendered text. */
        readonly conversational: boolean;
      },
      { rows: number }
    >;
    /** One reward on the rows of `data`, called as its framework calls it. */
    readonly score: Ask<ScoreRequest, ScoredAnswer>;
    /** Answers when all that was asked before has ended. */
    readonly idle: Ask<Record<string, never>, null>;
  };
  readonly tells: {
    readonly ready: v.InferOutput<typeof runnerTells.ready>;
    /** What the user's code printed, capped. */
    readonly printed: v.InferOutput<typeof runnerTells.printed>;
    /** Scores of rows from `from` on, as they come. */
    readonly part: v.InferOutput<typeof runnerTells.part>;
  };
}
