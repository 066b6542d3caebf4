import { numbers, type Score } from '../score';

/** A group of a run by its rows, with the range of steps that it belongs to. */
export interface Extreme {
  readonly from: number;
  readonly to: number;
  readonly rows: readonly number[];
}

export interface ScoredRows {
  readonly step: ArrayLike<number>;
  /** Number of each row's group; -1 where it is unknown. */
  readonly group: ArrayLike<number>;
  /** Of a row, one score for each reward. */
  readonly scores: (row: number) => readonly Score[];
}

/**
 * For each of `ranges` equal stretches of steps the `count` groups whose best and worst completion differ most: what is
 * worth looking at. Rows without a step or a group belong to none.
 */
export function extremes(given: ScoredRows, ranges: number, count: number): Extreme[] {
  const groups = new Map<string, { readonly step: number; readonly rows: number[] }>();
  for (let row = 0; row < given.group.length; row++) {
    const [group = -1, step = NaN] = [given.group[row], given.step[row]];
    if (group < 0 || Number.isNaN(step)) continue;
    const known = groups.get(`${step} ${group}`);
    if (known) known.rows.push(row);
    else groups.set(`${step} ${group}`, { step, rows: [row] });
  }
  const all = [...groups.values()];
  const first = all.reduce((least, { step }) => Math.min(least, step), Infinity);
  const last = all.reduce((most, { step }) => Math.max(most, step), -Infinity);
  const width = (last - first + 1) / ranges;
  return Array.from({ length: ranges }, (_, at) => {
    const [from, to] = [Math.ceil(first + at * width), Math.ceil(first + (at + 1) * width) - 1];
    const within = all.filter(({ step }) => step >= from && step <= to);
    const widest = within.toSorted((a, b) => rangeOf(given, b.rows) - rangeOf(given, a.rows)).slice(0, count);
    const rows = widest.toSorted((a, b) => a.step - b.step).flatMap((group) => group.rows);
    return { from, to, rows };
  }).filter(({ rows }) => rows.length > 0);
}

function rangeOf({ scores }: ScoredRows, rows: readonly number[]): number {
  const sums = rows.map((row) => numbers(scores(row)).reduce((sum, score) => sum + score, 0));
  const range = Math.max(...sums) - Math.min(...sums);
  return Number.isNaN(range) ? 0 : range;
}
