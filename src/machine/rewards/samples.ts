import { createHash } from 'node:crypto';
import { scoreAt } from '../../domain/rollouts/columns';
import type { Reward, Scored } from '../../domain/rewards/reward';
import { sameAsRecorded, type Score } from '../../domain/score';
import type { Samples } from './rewards';
import type { Table } from '../table/table';
import { columnsFor, type Left } from '../table/samples';

const MOST_KEPT = 8;

/** Rows of a table, ready for one reward. */
export interface Prepared {
  readonly samples: Samples;
  /** The table's row of each sample. */
  readonly rows: readonly number[];
  /** Rows that cannot be given to the reward, by column and reason. */
  readonly left: readonly Left[];
}

/** A step's rows whole, until there are `most`: a batch is never cut, since the trainer passed it together. */
export function firstRows(table: Table, most: number): number[] {
  const rows: number[] = [];
  for (const [from, to] of table.batches) {
    if (rows.length > 0 && rows.length + to - from > most) break;
    for (let row = from; row < to; row++) rows.push(row);
  }
  return rows;
}

/** The columns of a table for a reward that needs some of them by name. */
export async function prepare(table: Table, needs: readonly string[], rows?: readonly number[]): Promise<Prepared> {
  const found = await columnsFor(table, { needs, ...(rows ? { rows } : {}) });
  const { columns, batches, conversational } = found;
  const id = createHash('sha256')
    .update(JSON.stringify([table.path, revisionOf(table), table.rows, Object.keys(columns)]))
    .update(Int32Array.from(found.rows))
    .digest('hex');
  return { samples: { id, columns, batches, conversational }, rows: found.rows, left: found.left };
}

interface Kept {
  readonly dataset: Table['dataset'];
  readonly ready: Map<string, Promise<Prepared>>;
}

const kept = new WeakMap<Table, Kept>();

/** `prepare` of a table's first rows, remembered as long as it has as many and is joined with the same data set. */
export function prepareFirst(table: Table, needs: readonly string[], most: number): Promise<Prepared> {
  const last = kept.get(table);
  const known: Kept = last && last.dataset === table.dataset ? last : { dataset: table.dataset, ready: new Map() };
  kept.set(table, known);
  const { ready } = known;
  const key = JSON.stringify([table.rows, most, needs]);
  const before = ready.get(key);
  if (before) return before;
  const prepared = prepare(table, needs, firstRows(table, most));
  ready.set(key, prepared);
  if (ready.size > MOST_KEPT) ready.delete([...ready.keys()][0] ?? key);
  prepared.catch(() => ready.delete(key));
  return prepared;
}

const revisions = new WeakMap<Table, number>();
let newest = 0;

/** A file that was read again may hold other texts in as many rows. */
function revisionOf(table: Table): number {
  const known = revisions.get(table) ?? ++newest;
  revisions.set(table, known);
  return known;
}

/** Scores of a whole table and how they compare with the record. */
export interface Compared {
  /** One per row of the table; `unknown` for rows that were left out. */
  readonly scores: readonly Score[];
  /** Undefined where the record has no column of this reward. */
  readonly recorded?: readonly Score[];
  /** Rows at which both agree. */
  readonly equal?: number;
}

/** What was recorded under a reward's name for rows of a table; undefined where nothing was. */
export function recordedScores(table: Table, reward: Reward, rows: readonly number[]): Score[] | undefined {
  const column = [reward.name, ...reward.registered].map((name) => table.scores.get(name)).find((found) => found);
  return column && rows.map((row) => scoreAt(column, row));
}

/** Puts a reward's scores beside those that were recorded under its name. */
export function compare(table: Table, reward: Reward, rows: readonly number[], scored: Scored): Compared {
  const scores = new Array<Score>(table.rows).fill('unknown');
  rows.forEach((row, at) => (scores[row] = scored.scores[at] ?? 'unknown'));
  const recorded = recordedScores(table, reward, [...scores.keys()]);
  if (!recorded) return { scores };
  return { scores, recorded, equal: rows.filter((row) => agree(scores[row], recorded[row])).length };
}

function agree(score: Score | undefined, recorded: Score | undefined): boolean {
  return score !== undefined && recorded !== undefined && recorded !== 'unknown' && sameAsRecorded(score, recorded);
}
