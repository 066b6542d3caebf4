import type { ScoreColumn } from '../../domain/rollouts/columns';
import { toJson, type JsonScore } from '../../domain/score';
import type { StepCurve } from '../../wire/completionsPanel';
import type { Table } from './table';

/** Mean and spread of each reward by step, and the share of groups that teach nothing; only of these rows. */
export function curvesOf(table: Table, rows: Int32Array, silent: Uint8Array): StepCurve[] {
  const { step, group, scores } = table;
  const steps = [...new Set(Float64Array.from(rows, (row) => step[row] ?? NaN))]
    .filter((each) => !Number.isNaN(each))
    .sort((a, b) => a - b);
  if (steps.length < 2) return [];
  const at = new Map(steps.map((each, place) => [each, place]));
  const places = rows.map((row) => at.get(step[row] ?? NaN) ?? -1);
  const curves = [...scores].map(([name, column]) => ({
    name,
    steps,
    ...spread({ rows, places, column }, steps.length),
  }));
  if (table.grouping.by === 'unknown') return curves;
  const still = Float64Array.from(group, (id) => (id < 0 ? NaN : (silent[id] ?? 0)));
  const share = spread({ rows, places, column: { values: still, words: new Uint8Array(0) } }, steps.length);
  return [...curves, { name: 'rows of groups without signal', steps, values: share.values }];
}

interface Measured {
  readonly rows: Int32Array;
  /** Of each row, which step it belongs to. */
  readonly places: Int32Array;
  readonly column: ScoreColumn;
}

/** Mean of each step, with one standard deviation below and above it. */
function spread(
  { rows, places, column: { values } }: Measured,
  steps: number,
): Pick<StepCurve, 'values' | 'low' | 'high'> {
  const [count, sum, square] = [new Float64Array(steps), new Float64Array(steps), new Float64Array(steps)];
  rows.forEach((row, at) => {
    const [place, value] = [places[at] ?? -1, values[row] ?? NaN];
    if (place < 0 || !Number.isFinite(value)) return;
    count[place] = (count[place] ?? 0) + 1;
    sum[place] = (sum[place] ?? 0) + value;
    square[place] = (square[place] ?? 0) + value * value;
  });
  const means = sum.map((total, place) => total / (count[place] ?? NaN));
  const deviations = means.map((mean, place) =>
    Math.sqrt(Math.max(0, (square[place] ?? NaN) / (count[place] ?? NaN) - mean ** 2)),
  );
  const shown = (each: (mean: number, place: number) => number): JsonScore[] =>
    Array.from(means, (mean, place) => toJson(Number.isNaN(mean) ? 'unknown' : each(mean, place)));
  return {
    values: shown((mean) => mean),
    low: shown((mean, place) => mean - (deviations[place] ?? 0)),
    high: shown((mean, place) => mean + (deviations[place] ?? 0)),
  };
}
