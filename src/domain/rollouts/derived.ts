import { unknownScores, type ScoreColumn } from './columns';
import type { STATISTICS } from './query';

/** Numbers without words as a column: what is NaN is unknown. */
export function plainColumn(values: ArrayLike<number>): ScoreColumn {
  const column = unknownScores(values.length);
  for (let row = 0; row < values.length; row++) {
    const value = values[row] ?? NaN;
    if (Number.isNaN(value)) continue;
    column.values[row] = value;
    column.words[row] = 0;
  }
  return column;
}

/** The sum of a row's numbers; unknown where it has none. */
export function totalOf(columns: readonly ScoreColumn[], rows: number): ScoreColumn {
  const sums = new Float64Array(rows).fill(NaN);
  for (const { values } of columns) {
    for (let row = 0; row < rows; row++) {
      const value = values[row] ?? NaN;
      const before = sums[row] ?? NaN;
      if (value === value) sums[row] = before === before ? before + value : value;
    }
  }
  return plainColumn(sums);
}

/** A statistic over each row's group, with ddof 1 for `std`; rows without a group are unknown. */
export function overGroups(
  { values }: ScoreColumn,
  { group, groups }: { readonly group: Int32Array; readonly groups: number },
  statistic: (typeof STATISTICS)[number],
): ScoreColumn {
  const sums = { count: new Float64Array(groups), sum: new Float64Array(groups), square: new Float64Array(groups) };
  const [min, max] = [new Float64Array(groups).fill(Infinity), new Float64Array(groups).fill(-Infinity)];
  const start = new Float64Array(groups).fill(NaN);
  group.forEach((id, row) => {
    const value = values[row] ?? NaN;
    if (id < 0 || value !== value) return;
    const first = (start[id] = Number.isNaN(start[id] ?? NaN) ? value : (start[id] ?? 0));
    sums.count[id] = (sums.count[id] ?? 0) + 1;
    sums.sum[id] = (sums.sum[id] ?? 0) + value - first;
    sums.square[id] = (sums.square[id] ?? 0) + (value - first) ** 2;
    min[id] = Math.min(min[id] ?? 0, value);
    max[id] = Math.max(max[id] ?? 0, value);
  });
  const of = (id: number): number => {
    const [count, sum, square] = [sums.count[id] ?? 0, sums.sum[id] ?? 0, sums.square[id] ?? 0];
    if (count === 0) return NaN;
    if (statistic === 'mean') return (start[id] ?? 0) + sum / count;
    if (statistic === 'std') return count < 2 ? NaN : Math.sqrt(Math.max(0, (square - sum ** 2 / count) / (count - 1)));
    return (statistic === 'min' ? min[id] : max[id]) ?? NaN;
  };
  const each = Float64Array.from({ length: groups }, (_, id) => of(id));
  return plainColumn(Float64Array.from(group, (id) => (id < 0 ? NaN : (each[id] ?? NaN))));
}
