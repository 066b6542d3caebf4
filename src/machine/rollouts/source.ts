import type { BadRow, RawRecord } from '../../domain/rollout';

/** Values of some rows without their texts, by column; all columns have `rows` values. */
export interface Scalars {
  readonly rows: number;
  readonly columns: ReadonlyMap<string, readonly unknown[]>;
}

/** One file of records. Rows are counted from 0 in the file. */
export interface Source {
  readonly file: string;
  readonly rows: number;
  readonly bad: readonly BadRow[];
  /** The first few records that could be read: they say what kind of file it is. */
  readonly samples: readonly RawRecord[];
  /** Every column that can hold a score, a step or an id, in order of rows. */
  scalars(): AsyncIterable<Scalars>;
  /** Rows [from, to) whole; a row that cannot be read is an empty record. */
  read(from: number, to: number): Promise<readonly RawRecord[]>;
}
