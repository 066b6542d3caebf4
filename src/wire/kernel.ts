import * as v from 'valibot';
import type { Ask } from './wire';

const error = v.object({ name: v.string(), message: v.string(), stack: v.string() });

const outcome = v.variant('status', [
  v.object({ status: v.literal('ok') }),
  v.object({ status: v.literal('error'), error }),
  v.object({ status: v.literal('interrupted'), error }),
]);

/** What the kernel answers, checked before it is believed. */
export const kernelAnswers = {
  execute: outcome,
  samples: v.object({ rows: v.number() }),
  ownSamples: v.nullable(v.object({ text: v.string(), prompts: v.string(), rows: v.number(), total: v.number() })),
};

/** What the kernel tells by itself, checked likewise. `cell`: the count of the cell it belongs to. */
export const kernelTells = {
  ready: v.object({ python: v.string(), pid: v.number() }),
  stream: v.object({ cell: v.number(), name: v.picklist(['stdout', 'stderr']), text: v.string() }),
  display: v.object({ cell: v.number(), bundle: v.record(v.string(), v.unknown()) }),
};

export type Outcome = v.InferOutput<typeof outcome>;
export type StreamTold = v.InferOutput<typeof kernelTells.stream>;
export type DisplayTold = v.InferOutput<typeof kernelTells.display>;

/** Samples that the editor read for a `%%reward` cell. */
export interface SamplesGiven {
  /** The words of the cell that ask for them. */
  readonly name: string;
  /** Where they were read, and the row there of each. */
  readonly path: string;
  readonly rows: readonly number[];
  readonly columns: Readonly<Record<string, readonly unknown[]>>;
  /** Rows [from, to) that the trainer passed together. */
  readonly batches: readonly (readonly [number, number])[];
  /** Each row's group, where all of them are known. */
  readonly groups: readonly number[] | null;
  readonly conversational: boolean;
}

/**
 * Samples that a `%%reward` cell took from variables of its own, the first of `total`, as lines of docs/record-format.md;
 * `prompts` are the lines of a data set of conversations, where the prompts are such.
 */
export type OwnSamples = NonNullable<v.InferOutput<typeof kernelAnswers.ownSamples>>;

/** The process that runs plain Python cells of a notebook. */
export interface KernelWire {
  readonly asks: {
    readonly execute: Ask<{ readonly code: string; readonly count: number }, Outcome>;
    readonly samples: Ask<SamplesGiven, { rows: number }>;
    readonly ownSamples: Ask<{ readonly words: string; readonly most: number }, OwnSamples | null>;
  };
  readonly tells: {
    readonly ready: v.InferOutput<typeof kernelTells.ready>;
    readonly stream: StreamTold;
    readonly display: DisplayTold;
  };
}
