import type { FrameworkId } from '../frameworks/framework';
import type { Score } from '../score';

/** The user's reward function or class, found without importing the file. */
export interface Reward {
  readonly name: string;
  /** 1-based line of its `def` or `class`. */
  readonly line: number;
  /** Whose calling style it has. */
  readonly call: FrameworkId;
  readonly kind: 'function' | 'class';
  readonly async: boolean;
  /** Named parameters that it needs beyond what its framework always gives, such as `solution`. */
  readonly needs: readonly string[];
  /** It takes `**kwargs`, so that extra columns do no harm. */
  readonly takesAny: boolean;
  /** Names under which the file registers it; a command line names it by these. */
  readonly registered: readonly string[];
  /** `batch`: one call for many samples; `single`: one call for each. */
  readonly shape: 'batch' | 'single';
}

/** What a reward gave on a list of samples, in their order. */
export interface Scored {
  readonly reward: string;
  readonly scores: readonly Score[];
  /** The other numbers of a dictionary result, by key. */
  readonly components: Readonly<Record<string, readonly Score[]>>;
  /** Grouped: one entry per distinct error, with the samples (indices) that raised it. */
  readonly errors: readonly ScoreError[];
  /** Why the numbers are withheld, where they are. */
  readonly withheld?: string;
  /** Names that stand for a framework that is not installed here. */
  readonly stubbed: readonly string[];
  /** Sentences that belong beside the scores: what stands for a framework's own code, what training needs besides. */
  readonly notes?: readonly string[];
}

export interface ScoreError {
  readonly type: string;
  readonly message: string;
  /** 1-based line in the reward's file; undefined where the error has none there. */
  readonly line?: number;
  readonly samples: readonly number[];
}
