import type { Score } from '../score';
import type { CodeRange } from './trace';

/** An exception on its way: what it was, and the line it came from. */
export interface CaughtException {
  readonly type: string;
  readonly message: string;
  readonly raisedAt: number;
  /** Line of the handler, where it is another one than the reason's own. */
  readonly line?: number;
}

/** Why a statement was reached. */
export interface Reason {
  /** `in`: a test around it; `guard`: an earlier test that would have left; `except`: its handler. */
  readonly how: 'in' | 'guard' | 'except';
  readonly line: number;
  readonly test: string;
  /** null: a handler. */
  readonly outcome: boolean | null;
  /** The test's value, where it is more than True or False. */
  readonly value?: string;
  /** The operand of `and` or `or` that settled it. */
  readonly operand?: { readonly text: string; readonly value: string | null };
  readonly caught?: CaughtException;
}

/** A statement that would have given another value and was not reached. */
export interface Missed {
  readonly line: number;
  readonly text: string;
  readonly test: string;
  readonly testLine: number;
  /** The test's outcome; null: it was never evaluated. */
  readonly outcome: boolean | null;
  /** What kept it from being evaluated. */
  readonly caught?: CaughtException;
}

/** One node of the tree that leads from a score back to where it comes from. */
export interface Cause {
  readonly line: number;
  readonly file?: string;
  readonly function: string;
  readonly text: string;
  /** null: it gave none. */
  readonly value: string | null;
  readonly because: readonly Reason[];
  readonly from: readonly Cause[];
  readonly missed: readonly Missed[];
}

/** One thing that happened in a fully traced call, in order. Values are short texts taken at the time. */
export interface TraceEvent extends CodeRange {
  readonly frame: number;
  readonly kind: string;
  /** Line of the statement it belongs to. */
  readonly statement: number;
  /** Of a `store`: the variable. */
  readonly name?: string;
  readonly value?: string;
  /** Of a test, an operand or a branch: its outcome. */
  readonly truth?: boolean;
  readonly raisedAt?: number;
  /** In a call of a whole batch: it happened in no sample's turn. */
  readonly shared?: boolean;
}

export interface TraceFrame {
  readonly id: number;
  readonly function: string;
  readonly file: string;
  readonly line: number;
  /** The calling frame; 0: none of ours. */
  readonly parent: number;
  readonly arguments: Readonly<Record<string, string>>;
}

/** What a regular expression was asked, and how it went; offsets are UTF-16 units of `text`. */
export interface RegexCall extends CodeRange {
  readonly file: string;
  readonly pattern: string;
  readonly flags: readonly string[];
  readonly method: string;
  /** The beginning of the text that was searched. */
  readonly text: string;
  /** Where that text stands in the completion; -1: nowhere. */
  readonly inCompletion: number;
  readonly found: boolean;
  /** The whole match, then its groups; of `findall`, every match. */
  readonly spans: readonly (readonly [number, number])[];
  readonly stop?: RegexStop;
}

/** How far a pattern came on a text that it does not match. */
export interface RegexStop {
  /** The longest beginning of the pattern that does match. */
  readonly matched: string;
  readonly at: number;
  readonly reason: string;
  /** A flag or function that would make it match: `DOTALL`, `IGNORECASE`, `search`, `strip`. */
  readonly fix?: string;
}

/** One sample explained. */
export interface Explained {
  readonly row: number;
  readonly score: Score;
  readonly error?: { readonly type: string; readonly message: string; readonly line?: number };
  readonly frames: readonly TraceFrame[];
  readonly events: readonly TraceEvent[];
  /** Events beyond the bound. */
  readonly dropped: number;
  readonly why: Cause | null;
  readonly regexes: readonly RegexCall[];
  /** How many samples were called together, where that was its whole batch. */
  readonly together?: number;
}

/** A row of a data set after the function that prepares it, with the values on the way. */
export interface PreparedRow {
  /** null where the function failed. */
  readonly after: unknown;
  readonly error?: { readonly type: string; readonly message: string; readonly line?: number };
  readonly frames: readonly TraceFrame[];
  readonly events: readonly TraceEvent[];
  readonly dropped: number;
}

/** A test on the causes of two scores, with other outcomes. */
export interface DifferingTest {
  readonly function: string;
  readonly line: number;
  readonly test: string;
  readonly outcome: boolean | null;
  readonly otherOutcome: boolean | null;
  readonly value: string | null;
  readonly otherValue: string | null;
}

/** A stretch of one text to be replaced; `at` counts UTF-16 units. */
export interface TextHunk {
  readonly at: number;
  readonly from: string;
  readonly to: string;
}

/** One sample against a better one of its group. */
export interface Divergence {
  readonly row: number;
  readonly other: number;
  readonly score: Score;
  readonly otherScore: Score;
  readonly tests: readonly DifferingTest[];
  /** The first place where their ways part; often no more than the length of a loop. */
  readonly first: { readonly line: number; readonly otherLine: number } | null;
  readonly samePath: boolean;
  /** On the same way: values that differ, nearest to the cause first. */
  readonly values: readonly {
    readonly line: number;
    readonly text: string;
    readonly value: string | null;
    readonly otherValue: string | null;
  }[];
  /** The smallest change of the text that was *found* to give the other's score. */
  readonly change?: {
    readonly hunks: readonly TextHunk[];
    readonly text: string;
    readonly score: Score;
    readonly calls: number;
    /** The search was not cut short. */
    readonly whole: boolean;
  };
  readonly noChange?: string;
}
