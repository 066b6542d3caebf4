/** One named curve of a run: steps and values side by side, in order of step. */
export interface Series {
  readonly name: string;
  readonly steps: readonly number[];
  readonly values: readonly number[];
}

/** Appends one point; a step that was seen before (a resumed run) replaces the old value. */
export function append(series: Series, step: number, value: number): Series {
  const last = series.steps.at(-1);
  if (last === undefined || step > last) {
    return { ...series, steps: [...series.steps, step], values: [...series.values, value] };
  }
  const at = series.steps.findIndex((seen) => seen >= step);
  const replace = series.steps[at] === step ? 1 : 0;
  return {
    ...series,
    steps: series.steps.toSpliced(at, replace, step),
    values: series.values.toSpliced(at, replace, value),
  };
}

/** At most `count` points that keep first, last, and the minimum and maximum of every stretch between. */
export function thin(series: Series, count: number): Series {
  const total = series.steps.length;
  if (total <= count) return series;
  const stretch = total / Math.max(1, Math.floor(count / 2));
  const kept = new Set<number>([0, total - 1]);
  for (let start = 0; start < total; start += stretch)
    extremes(series, Math.floor(start), Math.floor(start + stretch), kept);
  const rows = [...kept].sort((a, b) => a - b);
  return {
    name: series.name,
    steps: rows.map((row) => series.steps[row] ?? NaN),
    values: rows.map((row) => series.values[row] ?? NaN),
  };
}

function extremes(series: Series, from: number, to: number, kept: Set<number>): void {
  const stretch = series.values.slice(from, to);
  if (stretch.length === 0) return;
  kept.add(from + stretch.indexOf(Math.min(...stretch)));
  kept.add(from + stretch.indexOf(Math.max(...stretch)));
}
