import { codeOf, type ScoreColumn } from './columns';
import type { Clause, Operator } from './query';

/** Conditions on numbers and words, which need no text. */
export type ColumnClause = Extract<Clause, { kind: 'number' | 'word' }>;

/** Drops from `kept` (one flag a row) every row that does not fit the clause. */
export function keepFitting(kept: Uint8Array, column: ScoreColumn, clause: ColumnClause): void {
  const { values, words } = column;
  if (clause.kind === 'word') {
    const code = codeOf(clause.word);
    for (let row = 0; row < kept.length; row++) if ((words[row] === code) !== clause.is) kept[row] = 0;
    return;
  }
  const fits = TESTS[clause.operator];
  fits(kept, values, clause.value);
}

type Test = (kept: Uint8Array, values: Float64Array, value: number) => void;

/** A loop for each operator: a million rows take a few milliseconds. A row without a number fits none but `!=`. */
const TESTS: Readonly<Record<Operator, Test>> = {
  '=': (kept, values, value) => {
    for (let row = 0; row < kept.length; row++) if (!near(values[row] ?? NaN, value)) kept[row] = 0;
  },
  '!=': (kept, values, value) => {
    for (let row = 0; row < kept.length; row++) if (near(values[row] ?? NaN, value)) kept[row] = 0;
  },
  '<': (kept, values, value) => {
    for (let row = 0; row < kept.length; row++) if (!((values[row] ?? NaN) < value)) kept[row] = 0;
  },
  '<=': (kept, values, value) => {
    for (let row = 0; row < kept.length; row++) if (!((values[row] ?? NaN) <= value)) kept[row] = 0;
  },
  '>': (kept, values, value) => {
    for (let row = 0; row < kept.length; row++) if (!((values[row] ?? NaN) > value)) kept[row] = 0;
  },
  '>=': (kept, values, value) => {
    for (let row = 0; row < kept.length; row++) if (!((values[row] ?? NaN) >= value)) kept[row] = 0;
  },
};

/** Equal to what a person would type: a float32 0.1 is 0.1. */
function near(a: number, b: number): boolean {
  return a === b || (Number.isFinite(b) && Math.abs(a - b) <= 1e-6 * Math.abs(b));
}

/** The rows whose flag stands, in order. */
export function rowsOf(kept: Uint8Array): Int32Array {
  let count = 0;
  for (let row = 0; row < kept.length; row++) count += kept[row] ?? 0;
  const rows = new Int32Array(count);
  let at = 0;
  for (let row = 0; row < kept.length; row++) if (kept[row]) rows[at++] = row;
  return rows;
}
