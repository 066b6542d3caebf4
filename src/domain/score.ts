/** Why there is no number; each is an honest answer, and none of them is 0. */
export type NoScore = 'none' | 'nan' | 'error' | 'unknown' | 'withheld';

/**
 * What a reward gave for one completion: a number as the trainer would compute it, or a word.
 * `none`: the reward returned None. `nan`: it returned NaN. `error`: it raised. `unknown`: it was not recorded.
 * `withheld`: it could be computed here, but would differ from training (a verifier is missing).
 * Infinities are numbers.
 */
export type Score = number | NoScore;

/** A score as JSON can hold it: infinities as words, everything else as it is. */
export type JsonScore = Score | 'inf' | '-inf';

const WORDS: ReadonlySet<unknown> = new Set<NoScore>(['none', 'nan', 'error', 'unknown', 'withheld']);

/** Any value found in a record, a parquet cell or Python's answer as a score; what is neither number nor word is `unknown`. */
export function toScore(value: unknown): Score {
  if (typeof value === 'number') return Number.isNaN(value) ? 'nan' : value;
  if (typeof value === 'bigint') return Number(value);
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (value === null) return 'none';
  if (value === 'inf') return Infinity;
  if (value === '-inf') return -Infinity;
  return WORDS.has(value) ? (value as NoScore) : 'unknown';
}

/** The score in a form that `JSON.stringify` keeps. */
export function toJson(score: Score): JsonScore {
  if (score === Infinity) return 'inf';
  return score === -Infinity ? '-inf' : score;
}

/** Equal as a re-scoring counts it: the same word, or numbers within 1e-9 relatively (or absolutely below 1). */
export function sameScore(a: Score, b: Score): boolean {
  if (typeof a !== 'number' || typeof b !== 'number') return a === b;
  return a === b || Math.abs(a - b) <= 1e-9 * Math.max(1, Math.abs(a), Math.abs(b));
}

/** Equal to a score out of a record: trainers keep rewards as float32, so 0.3 comes back as 0.30000001. */
export function sameAsRecorded(score: Score, recorded: Score): boolean {
  if (typeof score !== 'number' || typeof recorded !== 'number') return score === recorded;
  return sameScore(score, recorded) || Math.fround(score) === Math.fround(recorded);
}

/** The numbers among the scores, in order. */
export function numbers(scores: readonly Score[]): number[] {
  return scores.filter((score): score is number => typeof score === 'number');
}
