import {
  textOf,
  flatRecord,
  scoreOf,
  type Completion,
  type RawRecord,
  type Shape,
} from '../../domain/rollouts/rollout';
import { scoreAt, type ScoreColumn } from '../../domain/rollouts/columns';
import type { Source } from './source';

/** One file of a table: its rows stand at `start` … `start + rows`. */
export interface Part {
  readonly source: Source;
  readonly shape: Shape;
  readonly start: number;
}

/** What a table's columns say of its rows. */
export interface Columns {
  readonly rewards: readonly string[];
  readonly step: Float64Array;
  readonly group: Int32Array;
  readonly advantage: ScoreColumn;
}

/** Rows by their numbers, whole, in the order asked; neighbours are read at once. */
export async function readRows(
  parts: readonly Part[],
  columns: Columns,
  rows: readonly number[],
): Promise<Completion[]> {
  const stretches: Promise<Completion[]>[] = [];
  for (let at = 0; at < rows.length;) {
    const first = rows[at] ?? 0;
    const part = partOf(parts, first);
    if (!part) break;
    const end = part.start + part.source.rows;
    let length = 1;
    while (rows[at + length] === first + length && first + length < end) length++;
    const read = part.source.read(first - part.start, first - part.start + length);
    const whole = (records: readonly RawRecord[]): Completion[] =>
      records.map((record, more) => completionOf({ part, record, columns, row: first + more }));
    stretches.push(read.then(whole));
    at += length;
  }
  // Side by side, since a file may be on a host: rows that lie apart then cost one way there and back.
  return (await Promise.all(stretches)).flat();
}

function partOf(parts: readonly Part[], row: number): Part | undefined {
  let [low, high] = [0, parts.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if ((parts[middle]?.start ?? 0) <= row) low = middle;
    else high = middle - 1;
  }
  const part = parts[low];
  return part && row < part.start + part.source.rows ? part : undefined;
}

interface Raw {
  readonly part: Part;
  readonly record: RawRecord;
  readonly columns: Columns;
  readonly row: number;
}

function completionOf({ part: { shape }, record: whole, columns, row }: Raw): Completion {
  const { rewards } = columns;
  const record = flatRecord(shape, whole);
  const [group, step] = [columns.group[row] ?? -1, stepOf(shape, record)];
  const known = new Set([shape.prompt, shape.text, shape.step, shape.advantage, ...rewards]);
  return {
    row,
    ...(Number.isNaN(step) ? {} : { step }),
    ...(group < 0 ? {} : { group }),
    prompt: textOf(record[shape.prompt]),
    text: textOf(record[shape.text]),
    scores: Object.fromEntries(rewards.map((name) => [name, name in record ? scoreOf(record[name]) : 'unknown'])),
    advantage: shape.advantage === undefined ? scoreAt(columns.advantage, row) : advantageOf(shape.advantage, record),
    columns: Object.fromEntries(Object.entries(record).filter(([key]) => !known.has(key))),
  };
}

function stepOf({ step }: Shape, record: RawRecord): number {
  const value = step === undefined ? undefined : record[step];
  return value === undefined || value === null ? NaN : Number(value);
}

function advantageOf(key: string, record: RawRecord): Completion['advantage'] {
  return key in record ? scoreOf(record[key]) : 'unknown';
}
