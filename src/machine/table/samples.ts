import type { Batch } from '../../domain/rollouts/grouping';
import { agreed } from '../../domain/rollouts/join';
import type { Completion, RawRecord } from '../../domain/rollouts/rollout';
import type { Table } from './table';

export interface Asked {
  /** Columns without which a reward cannot be called, such as `solution`; rows that lack one are left out. */
  readonly needs: readonly string[];
  /** Rows of the table; all by default. */
  readonly rows?: readonly number[];
}

/** Rows ready to be sent to Python: plain columns of one length. */
export interface Samples {
  /** The table's row of each sample. */
  readonly rows: readonly number[];
  /** `prompt` and `completion` are texts as recorded; then the record's and the data set's own columns, where known for every sample. */
  readonly columns: Readonly<Record<string, readonly unknown[]>>;
  /** Samples [from, to) that the trainer passed together; they cover every sample once. */
  readonly batches: readonly Batch[];
  /** The data set holds messages, so rewards got lists of messages. */
  readonly conversational: boolean;
  /** Rows that were left out, by column and reason. */
  readonly left: readonly Left[];
}

/** Why rows cannot be given to a reward; `rows` are counted, not listed. */
export interface Left {
  readonly column: string;
  readonly rows: number;
  readonly why: string;
}

const NO_DATASET = 'it is not in the record, and no data set was given or found beside the run';
const NO_RECORD = 'no record of the data set has their prompt';
const DIFFERENT = 'records of the data set with their prompt differ in it';
const NO_COLUMN = 'neither the record nor the data set has such a column';

/** Columns of rows for a reward, joined with the data set where the prompt decides it. Nothing is guessed. */
export async function columnsFor(table: Table, { needs, rows: asked }: Asked): Promise<Samples> {
  const completions = await table.completions(asked ?? Array.from({ length: table.rows }, (_, row) => row));
  const left = new Map<string, number>();
  const values = completions.map((completion) => valuesOf(table, completion));
  const whole = completions.flatMap((completion, at) => {
    const missing = needs.find((name) => values[at]?.get(name) === undefined);
    if (missing === undefined) return [at];
    const key = `${missing}\n${whyMissing(table, completion, missing)}`;
    left.set(key, (left.get(key) ?? 0) + 1);
    return [];
  });
  const kept = whole.flatMap((at) => completions[at] ?? []);
  return {
    rows: kept.map(({ row }) => row),
    columns: {
      prompt: kept.map(({ prompt }) => prompt),
      completion: kept.map(({ text }) => text),
      ...knownColumns(whole.flatMap((at) => values[at] ?? [])),
    },
    batches: batchesAmong(table, kept),
    conversational: table.dataset?.join.conversational ?? false,
    left: [...left].map(([key, rows]) => ({ column: key.split('\n')[0] ?? '', rows, why: key.split('\n')[1] ?? '' })),
  };
}

type Values = ReadonlyMap<string, unknown>;

/** Every further value of a row: the record's own first, then what all matching records of the data set agree on. */
function valuesOf({ dataset }: Table, { prompt, columns }: Completion): Values {
  const values = new Map<string, unknown>();
  if (dataset) {
    const records = dataset.join.find(prompt);
    for (const name of dataset.join.columns) values.set(name, agreed(records, name));
  }
  for (const [name, value] of Object.entries(columns)) values.set(name, value);
  return values;
}

function knownColumns(values: readonly Values[]): Record<string, unknown[]> {
  const names = [...(values[0]?.keys() ?? [])].filter((name) => values.every((row) => row.get(name) !== undefined));
  return Object.fromEntries(names.map((name) => [name, values.map((row) => row.get(name))]));
}

function whyMissing({ dataset }: Table, { prompt }: Completion, column: string): string {
  if (!dataset) return NO_DATASET;
  if (!dataset.join.columns.includes(column)) return NO_COLUMN;
  const records: readonly RawRecord[] = dataset.join.find(prompt);
  return records.length === 0 ? NO_RECORD : DIFFERENT;
}

function batchesAmong(table: Table, kept: readonly Completion[]): Batch[] {
  const batches: Batch[] = [];
  let at = 0;
  for (const [, to] of table.batches) {
    const from = at;
    while (at < kept.length && (kept[at]?.row ?? to) < to) at++;
    if (at > from) batches.push([from, at]);
  }
  return batches;
}
