import type { Scored } from './reward';
import type { Score } from '../score';

/** What the samples together say about one line: how many came by, and the mean of their scores. */
export interface LineHeat {
  readonly line: number;
  readonly hit: number;
  /** A correlation, no cause: every line that all samples share has the mean of all. */
  readonly mean: Score;
}

/** A place in the reward's file: 1-based lines, 0-based columns in UTF-8 bytes as Python counts them. */
export interface CodeRange {
  readonly line: number;
  readonly col: number;
  readonly endLine: number;
  readonly endCol: number;
}

/** A test, with how many samples found it true or false at least once. */
export interface Branch extends CodeRange {
  readonly yes: number;
  readonly no: number;
  readonly meanYes: Score;
  readonly meanNo: Score;
}

/** Exceptions of one kind that the reward caught and did not raise again. */
export interface Swallowed {
  /** Line of the `except`, or of the `with` or `try` that ended it. */
  readonly line: number;
  readonly file: string;
  readonly type: string;
  readonly message: string;
  readonly raisedAt: number;
  readonly count: number;
  /** The first few samples. */
  readonly samples: readonly number[];
  /** It is one that says the code or the machine is broken, not the sample. */
  readonly fatal: boolean;
}

/** Samples that went exactly the same way. */
export interface Path {
  readonly samples: number;
  /** Line that the score came from; null where it cannot be said. */
  readonly decides: number | null;
}

/** Every sample traced by itself. */
export interface Traced {
  /** Of each sample, its index in `paths`; -1: it was not run. */
  readonly path: readonly number[];
  readonly paths: readonly Path[];
  readonly lines: readonly LineHeat[];
  /** Lines that could be reached: those of them not in `lines` were reached by no sample. */
  readonly executable: readonly number[];
  readonly branches: readonly Branch[];
  readonly swallowed: readonly Swallowed[];
  /** Samples whose way was too long to be kept whole. */
  readonly truncated: number;
  /** Of a reward that depends on its batch: lines that ran in no sample's turn, for the batch as a whole. */
  readonly shared?: readonly number[];
}

/** What a score depends on beside its own sample. */
export type Dependence = 'per-sample' | 'per-group' | 'batch' | 'order' | 'non-deterministic' | 'stateful' | 'unknown';

export interface DependenceCheck {
  readonly kind: Dependence;
  /** Scores that differ when the samples are called otherwise. */
  readonly differs: number;
  readonly example?: { readonly sample: number; readonly batch: Score; readonly alone: Score };
  /** Why it is unknown. */
  readonly why?: string;
  /** Of a dependence on the batch: lines and values are those of calls of whole batches; else of samples called alone. */
  readonly followed?: boolean;
}

/** Something that a trainer would stumble over. */
export interface ContractFinding {
  readonly rule: string;
  readonly weight: 'error' | 'warning' | 'hint';
  readonly line: number;
  readonly text: string;
  /** Of `needs-path`: the folder that has to be on the path. */
  readonly path?: string;
}

/** An edit's whole answer: the scores are those of the plain calls, the rest explains them. */
export interface TraceRun extends Scored, Traced {
  readonly check: DependenceCheck;
  readonly contract: readonly ContractFinding[];
  /** Verifiers that the reward tried to import and that are not installed. */
  readonly missing: readonly string[];
  /** Milliseconds in Python until all samples were traced, and until the plain calls were compared. */
  readonly ms: { readonly traced: number; readonly verified: number };
}
