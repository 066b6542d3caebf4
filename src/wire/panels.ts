import * as v from 'valibot';
import type { BadRow, Grouping } from '../domain/rollout';
import type { JsonScore } from '../domain/score';
import type { Ask, Guards } from './wire';

/** One row as the table shows it. */
export interface RowShown {
  readonly row: number;
  readonly step: number | null;
  readonly group: number | null;
  readonly prompt: string;
  readonly text: string;
  readonly scores: readonly JsonScore[];
  readonly advantage: JsonScore;
}

export interface CompletionsOpening {
  readonly source: string;
  readonly rows: number;
  /** Names of the reward columns, in the order of `RowShown.scores`. */
  readonly rewards: readonly string[];
  readonly grouping: Grouping;
  readonly bad: readonly BadRow[];
}

/** A filtered and ordered list of rows, kept on the answering side. */
export interface View {
  readonly view: number;
  readonly rows: number;
  /** What is wrong with the query, with the offset of the character. */
  readonly findings: readonly { readonly at: number; readonly text: string }[];
}

export interface CompletionsPanel {
  readonly asks: {
    readonly hello: Ask<Record<string, never>, CompletionsOpening>;
    readonly view: Ask<{ readonly query: string }, View>;
    /** Rows `from` to `to` (exclusive) of a view. */
    readonly rows: Ask<{ readonly view: number; readonly from: number; readonly to: number }, readonly RowShown[]>;
    /** The whole group of a row, and every other column of the row itself. */
    readonly detail: Ask<
      { readonly row: number },
      {
        readonly row: RowShown;
        readonly group: readonly RowShown[];
        readonly columns: Readonly<Record<string, string>>;
      }
    >;
  };
  readonly tells: {
    readonly grown: { readonly rows: number };
  };
}

const place = v.pipe(v.number(), v.integer(), v.minValue(0));

export const completionsPanelGuards: Guards<CompletionsPanel> = {
  hello: v.object({}),
  view: v.object({ query: v.pipe(v.string(), v.maxLength(10_000)) }),
  rows: v.object({ view: place, from: place, to: place }),
  detail: v.object({ row: place }),
};
