import { scoreAt } from '../../domain/rollouts/columns';
import type { PressureRow, PressureRows } from '../../domain/rewards/pressure';
import type { Reward } from '../../domain/rewards/reward';
import type { Score } from '../../domain/score';
import type { Samples } from './rewards';
import type { Table } from '../table/table';

/** A reward with the table's row and the score of each of its samples. */
export interface ScoredRows {
  readonly reward: Reward;
  readonly rows: readonly number[];
  readonly scores: readonly Score[];
}

/**
 * Every component for the samples of one reward: that one first, then the others of its file, then those that the
 * record alone has. A sample that a component has no score for is `unknown` there.
 */
export function pressureRows(
  table: Table,
  own: ScoredRows & { readonly samples: Samples },
  others: readonly ScoredRows[],
): PressureRows {
  const computed = [own, ...others].map(columnOf);
  const named = new Set([own, ...others].flatMap(({ reward }) => [reward.name, ...reward.registered]));
  const recorded = [...table.scores]
    .filter(([name]) => !named.has(name))
    .map(([name, column]) => ({ name: `${name} (recorded)`, at: (row: number): Score => scoreAt(column, row) }));
  const components = [...computed, ...recorded];
  const batches = batchNumbers(table);
  const texts = own.samples.columns['completion'] ?? [];
  return {
    components: components.map(({ name }) => name),
    rows: own.rows.map((row, sample): PressureRow => {
      const text = texts[sample];
      return {
        sample,
        group: table.group[row] ?? -1,
        batch: batches(row),
        length: typeof text === 'string' ? text.length : NaN,
        scores: components.map(({ at }) => at(row)),
      };
    }),
  };
}

function columnOf({ reward, rows, scores }: ScoredRows): { name: string; at: (row: number) => Score } {
  const byRow = new Map(rows.map((row, sample) => [row, scores[sample] ?? 'unknown']));
  return { name: reward.name, at: (row) => byRow.get(row) ?? 'unknown' };
}

/** Rows are asked in ascending order, so the batches are walked once. */
function batchNumbers({ batches }: Table): (row: number) => number {
  let at = 0;
  return (row) => {
    if (row < (batches[at]?.[0] ?? 0)) at = 0;
    while (at < batches.length - 1 && row >= (batches[at]?.[1] ?? Infinity)) at++;
    return at;
  };
}
