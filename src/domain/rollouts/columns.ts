import type { NoScore, Score } from '../score';

/** One score per row: the number, or NaN with the code of its word beside it (0: it is a number). */
export interface ScoreColumn {
  readonly values: Float64Array;
  readonly words: Uint8Array;
}

/** Words by their code; code 0 means that `values` holds the number. */
const WORDS: readonly (NoScore | undefined)[] = [undefined, 'none', 'nan', 'error', 'unknown', 'withheld'];

const UNKNOWN = WORDS.indexOf('unknown');

/** The code of a word, as `words` holds it. */
export function codeOf(word: NoScore): number {
  return WORDS.indexOf(word);
}

/** The score of a row; a row beyond the column's end is `unknown`. */
export function scoreAt(column: ScoreColumn, row: number): Score {
  return WORDS[column.words[row] ?? UNKNOWN] ?? column.values[row] ?? 'unknown';
}

export function setScore(column: ScoreColumn, row: number, score: Score): void {
  const number = typeof score === 'number';
  column.values[row] = number ? score : NaN;
  column.words[row] = number ? 0 : WORDS.indexOf(score);
}

/** A column of `rows` scores, all `unknown`. */
export function unknownScores(rows: number): ScoreColumn {
  return { values: new Float64Array(rows).fill(NaN), words: new Uint8Array(rows).fill(UNKNOWN) };
}

/** The same scores with room for more rows; the new ones are `unknown`. */
export function widened(column: ScoreColumn, rows: number): ScoreColumn {
  const wide = unknownScores(rows);
  wide.values.set(column.values);
  wide.words.set(column.words);
  return wide;
}
