import type { BadRow, RawRecord, Shape } from '../../domain/rollouts/rollout';
import type { Filling } from './fill';

/** Says how a record of this file is to be understood. */
export type Shaped = (record: RawRecord) => Shape | undefined;

/** A text to look for. */
export interface Search {
  readonly needle: string;
  /** Columns whose text is searched. */
  readonly keys: readonly string[];
  readonly mark: (row: number) => void;
  readonly signal?: AbortSignal | undefined;
}

/** Where a file's values belong: its first row is row `start` of the table. */
export interface Into {
  readonly filling: Filling;
  readonly start: number;
}

/** One file of records, read a piece at a time. Rows are counted from 0 in the file. */
export interface Source {
  readonly file: string;
  /** Rows found so far. */
  readonly rows: number;
  /** Rows whose values stand in the columns. */
  readonly filled: number;
  readonly bad: readonly BadRow[];
  /** The first few records that could be read: they say what kind of file it is. */
  readonly samples: readonly RawRecord[];
  /** How its records are to be understood; undefined while there is none, or where nobody knows them. */
  shape(): Shape | undefined;
  /** Looks for more rows for about `milliseconds`; false when all that is there now is known. */
  find(milliseconds: number): boolean;
  /** Nothing more is written to this file, since a later one was begun: its last line is whole as it is. */
  end(): void;
  /** Puts more values into the columns, for about `milliseconds`; false when every row found is filled. */
  fill(into: Into, milliseconds: number): Promise<boolean>;
  /** Rows [from, to) whole; a row that cannot be read is a record without keys. */
  read(from: number, to: number): Promise<readonly RawRecord[]>;
  /** Marks the rows in which a text stands inside of one of these columns; absent where rows have to be read instead. */
  search?(search: Search): Promise<void>;
  /** Lengths of the texts in a column, for the rows found; absent where rows have to be read instead. */
  lengths?(key: string, set: (row: number, length: number) => void): Promise<void>;
  /**
   * Has the file been cut or replaced since it was opened, or has it grown although it was to be whole? The rows behind
   * it, or all of it, stand elsewhere now.
   */
  changed(): boolean;
  close: () => void;
}
