import type { ScoreColumn } from './columns';

/** Where the groups of a table stand and what was measured on their rows. */
export interface GroupedRows {
  /** Number of each row's group; -1 where it is unknown. */
  readonly group: Int32Array;
  readonly groups: number;
  readonly advantage: ScoreColumn;
  readonly scores: readonly ScoreColumn[];
}

/** Advantages below this are zero: the recorded ones are float32. */
const ZERO = 1e-6;

/**
 * 1 for each group that teaches nothing: all its advantages are zero or, where there are none, each reward gave all its
 * rows the same. Groups of one row are left out, as they have nothing to be compared with.
 */
export function groupsWithoutSignal({ group, groups, advantage, scores }: GroupedRows): Uint8Array {
  const first = new Int32Array(groups).fill(-1);
  const rows = new Uint32Array(groups);
  const zero = new Uint8Array(groups).fill(1);
  const unlike = new Uint8Array(groups);
  const known = new Uint8Array(groups).fill(1);
  for (let row = 0; row < group.length; row++) {
    const id = group[row] ?? -1;
    if (id < 0) continue;
    rows[id] = (rows[id] ?? 0) + 1;
    const own = advantage.values[row] ?? NaN;
    if (Number.isNaN(own)) known[id] = 0;
    else if (Math.abs(own) > ZERO) zero[id] = 0;
    const other = first[id] ?? -1;
    if (other < 0) first[id] = row;
    else if (scores.some((column) => !sameAt(column, row, other))) unlike[id] = 1;
  }
  return zero.map((all, id) => ((rows[id] ?? 0) > 1 && (known[id] ? all : !unlike[id] && scores.length > 0) ? 1 : 0));
}

function sameAt({ values, words }: ScoreColumn, a: number, b: number): boolean {
  return words[a] === words[b] && (words[a] !== 0 || values[a] === values[b]);
}
