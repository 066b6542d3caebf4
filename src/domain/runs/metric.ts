/** One named curve of a run: steps and values side by side, in order of step. NaN and infinities are values. */
export interface Series {
  readonly name: string;
  readonly steps: readonly number[];
  readonly values: readonly number[];
}

/**
 * At most about `count` points that keep first, last, the minimum and maximum of every stretch between, and everything
 * that is no number: a gap must not be thinned away.
 */
export function thin(series: Series, count: number): Series {
  const total = series.steps.length;
  if (total <= count) return series;
  const stretch = total / Math.max(1, Math.floor(count / 2));
  const kept = new Set<number>([0, total - 1]);
  for (let start = 0; start < total; start += stretch)
    extremes(series.values, Math.floor(start), Math.min(total, Math.floor(start + stretch)), kept);
  const rows = [...kept].sort((a, b) => a - b);
  return {
    ...series,
    steps: rows.map((row) => series.steps[row] ?? NaN),
    values: rows.map((row) => series.values[row] ?? NaN),
  };
}

function extremes(values: readonly number[], from: number, to: number, kept: Set<number>): void {
  let low = -1;
  let high = -1;
  let odd = -1;
  for (let row = from; row < to; row++) {
    const value = values[row] ?? NaN;
    if (!Number.isFinite(value)) odd = row;
    else {
      if (low < 0 || value < (values[low] ?? NaN)) low = row;
      if (high < 0 || value > (values[high] ?? NaN)) high = row;
    }
  }
  for (const row of [low, high, odd]) if (row >= 0) kept.add(row);
}
