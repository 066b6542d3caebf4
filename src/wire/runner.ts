import * as v from 'valibot';
import type { FrameworkId } from '../domain/frameworks/framework';
import { frameworkIds } from '../domain/frameworks/framework';
import { divergence, explained, prepared } from './explained';
import { checkedFields, jsonScore, place, tracedFields } from './trace';
import type { Ask } from './wire';

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
  line: v.exactOptional(v.number()),
  samples: v.array(place),
});

const scoredFields = {
  reward: v.string(),
  scores: v.array(jsonScore),
  components: v.record(v.string(), v.array(jsonScore)),
  errors: v.array(scoreError),
  withheld: v.exactOptional(v.string()),
  stubbed: v.array(v.string()),
  /** Sentences that belong beside the scores. */
  notes: v.exactOptional(v.array(v.string())),
};

const scored = v.object(scoredFields);
const ran = v.object({ ...scoredFields, ...tracedFields, ...checkedFields });

const found = v.object({
  rewards: v.array(reward),
  /** Functions and methods that make one row of a data set from another. */
  rowFunctions: v.array(v.object({ name: v.string(), line: v.number() })),
  /** What its imports can reach beyond the process: such a reward is not run on each keystroke without being asked. */
  reaches: v.array(v.picklist(['network', 'processes'])),
  /** Why the text could not be read whole: a syntax error with its 1-based line. */
  broken: v.exactOptional(v.object({ line: v.number(), message: v.string() })),
});

/** What Python answers, checked before it is believed. */
export const runnerAnswers = {
  find: found,
  data: v.object({ rows: v.number() }),
  score: scored,
  run: ran,
  explain: explained,
  diverge: divergence,
  prepare: prepared,
  idle: v.null_(),
};

/** What Python tells by itself, checked likewise. */
export const runnerTells = {
  ready: v.object({ python: v.string(), pid: v.number() }),
  printed: v.object({ text: v.string(), dropped: v.number() }),
  part: v.object({ run: v.number(), from: place, scores: v.array(jsonScore) }),
  traced: v.object({ run: v.number(), scores: v.array(jsonScore), ...tracedFields }),
};

export type FoundRewards = v.InferOutput<typeof found>;
export type ScoredAnswer = v.InferOutput<typeof scored>;
export type RunAnswer = v.InferOutput<typeof ran>;
export type ExplainAnswer = v.InferOutput<typeof explained>;
export type DivergeAnswer = v.InferOutput<typeof divergence>;

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
  /** Keywords that the training's configuration gives to the reward (`reward_kwargs`). */
  readonly keywords?: Readonly<Record<string, unknown>>;
  /** What the configuration sets, for rewards that are given the training's arguments. */
  readonly settings?: Readonly<Record<string, unknown>>;
}

export interface RunRequest extends ScoreRequest {
  /** Group of each row, to tell a reward that depends on its group. */
  readonly groups?: readonly number[];
  /** Rows that are looked at: they are traced first. */
  readonly first?: readonly number[];
  /** Rows outside the batches that are traced all the same. */
  readonly alone?: readonly number[];
  /** False: do not call it again to see whether it scores samples by themselves. */
  readonly verify?: boolean;
}

export interface PrepareRequest {
  readonly source: string;
  readonly path: string;
  /** `make` or `Class.method`. */
  readonly function: string;
  readonly row: Readonly<Record<string, unknown>>;
  readonly timeout: number;
}

export type ExplainRequest = Omit<ScoreRequest, 'batches' | 'run' | 'approximate'> & {
  readonly row: number;
  /** Batches to call whole, for a reward that depends on its batch; without it the row is called alone. */
  readonly within?: readonly (readonly [number, number])[];
};

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
    /** `score`, with every sample traced by itself before; `part`s and one `traced` are told while it runs. */
    readonly run: Ask<RunRequest, RunAnswer>;
    /** One row, with values and the cause of its score. */
    readonly explain: Ask<ExplainRequest, ExplainAnswer>;
    /** One row against another. */
    readonly diverge: Ask<ExplainRequest & { readonly other: number }, DivergeAnswer>;
    /** A row of a data set put through one of the file's `rowFunctions`. */
    readonly prepare: Ask<PrepareRequest, v.InferOutput<typeof prepared>>;
    /** Answers when all that was asked before has ended. */
    readonly idle: Ask<Record<string, never>, null>;
  };
  readonly tells: {
    readonly ready: v.InferOutput<typeof runnerTells.ready>;
    /** What the user's code printed, capped. */
    readonly printed: v.InferOutput<typeof runnerTells.printed>;
    /** Scores of rows from `from` on, as they come. */
    readonly part: v.InferOutput<typeof runnerTells.part>;
    /** All samples are traced; the plain calls, whose scores are the ones that count, come with the answer. */
    readonly traced: v.InferOutput<typeof runnerTells.traced>;
  };
}
