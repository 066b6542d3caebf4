import type { ScoreColumn } from '../../domain/rollouts/columns';
import { saysTruncated } from '../../domain/rollouts/flags';
import type { Spread, SpreadCell, SpreadPoint, StepCurve } from '../../wire/completionsPanel';
import type { Table } from './table';

/** Stretches of steps and of scores in a histogram. */
const [MOST_STEPS, MOST_SCORES] = [48, 12];
/** Rows that stand for all where each would have to be drawn or read. */
const [MOST_POINTS, MOST_READ] = [2000, 10_000];

/** How the rows of a view are spread: scores over the steps, length against their sum, and how many were cut. */
export async function spreadOf(table: Table, rows: Int32Array, columns: SpreadColumns): Promise<Spread> {
  return {
    histograms: [...table.scores].map(([name, column]) => ({ name, cells: cellsOf(table.step, rows, column) })),
    points: pointsOf(evenly(rows, MOST_POINTS), columns),
    truncated: await truncatedOf(table, evenly(rows, MOST_READ)),
  };
}

export interface SpreadColumns {
  readonly length: ScoreColumn;
  readonly total: ScoreColumn;
}

interface Bins {
  readonly low: number;
  readonly width: number;
  readonly count: number;
}

/** Stretches of equal width; whole numbers are never cut apart, and one value is a stretch of its own. */
function binsOf(values: Iterable<number>, most: number): Bins {
  let [low, high, whole] = [Infinity, -Infinity, true];
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    if (value < low) low = value;
    if (value > high) high = value;
    whole &&= Number.isInteger(value);
  }
  if (low > high) return { low: 0, width: 1, count: 0 };
  const range = high - low;
  if (!whole) return { low, width: range / most || 1, count: range === 0 ? 1 : most };
  const width = Math.max(1, Math.ceil((range + 1) / most));
  return { low, width, count: Math.floor(range / width) + 1 };
}

function binOf({ low, width, count }: Bins, value: number): number {
  return Math.min(count - 1, Math.floor((value - low) / width));
}

function cellsOf(step: Float64Array, rows: Int32Array, { values }: ScoreColumn): SpreadCell[] {
  const known = rows.filter((row) => Number.isFinite(values[row] ?? NaN));
  const at = (row: number): number => (Number.isNaN(step[row] ?? NaN) ? 0 : (step[row] ?? 0));
  const across = binsOf(Float64Array.from(known, at), MOST_STEPS);
  const up = binsOf(
    Float64Array.from(known, (row) => values[row] ?? NaN),
    MOST_SCORES,
  );
  const counts = new Uint32Array(across.count * up.count);
  for (const row of known) {
    const cell = binOf(across, at(row)) * up.count + binOf(up, values[row] ?? 0);
    counts[cell] = (counts[cell] ?? 0) + 1;
  }
  return [...counts].flatMap((count, cell) => {
    if (count === 0) return [];
    const [x, y] = [Math.floor(cell / up.count), cell % up.count];
    const [step, low] = [across.low + x * across.width, up.low + y * up.width];
    return [{ step, stepTo: step + across.width, low, high: low + up.width, rows: count }];
  });
}

function pointsOf(rows: Int32Array, { length, total }: SpreadColumns): SpreadPoint[] {
  return [...rows].flatMap((row) => {
    const [x, y] = [length.values[row] ?? NaN, total.values[row] ?? NaN];
    return Number.isFinite(x) && Number.isFinite(y) ? [{ row, length: x, total: y }] : [];
  });
}

/** The share of completions that the record calls cut, by step; null where it never says. */
async function truncatedOf(table: Table, rows: Int32Array): Promise<StepCurve | null> {
  const [all, cut] = [new Map<number, number>(), new Map<number, number>()];
  for (let from = 0; from < rows.length; from += 1000) {
    for (const { step = 0, columns, scores } of await table.completions([...rows.subarray(from, from + 1000)])) {
      const said = saysTruncated({ ...columns, ...told(scores) });
      if (said === undefined) continue;
      all.set(step, (all.get(step) ?? 0) + 1);
      if (said) cut.set(step, (cut.get(step) ?? 0) + 1);
    }
    if (all.size === 0) return null;
  }
  const steps = [...all.keys()].sort((a, b) => a - b);
  if (steps.length === 0) return null;
  return { name: 'truncated', steps, values: steps.map((step) => (cut.get(step) ?? 0) / (all.get(step) ?? 1)) };
}

/** Booleans of a record stand among its scores. */
function told(scores: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    ['is_truncated', 'truncated'].flatMap((key) => (typeof scores[key] === 'number' ? [[key, scores[key] === 1]] : [])),
  );
}

function evenly(rows: Int32Array, most: number): Int32Array {
  if (rows.length <= most) return rows;
  return Int32Array.from({ length: most }, (_, at) => rows[Math.floor((at * rows.length) / most)] ?? 0);
}
