import * as v from 'valibot';
import type { QueryFinding, QueryNames, SortKey } from '../domain/query';
import type { BadRow, Grouping } from '../domain/rollout';
import type { JsonScore } from '../domain/score';
import type { Ask, Guards } from './wire';

/** What is worth knowing about a row at a glance; each is said only where it is known. */
export type Flag = 'truncated' | 'repeated' | 'no-signal' | 'unclosed' | 'unreadable';

/** One row as the table shows it; texts are cut to what a line can show. */
export interface RowShown {
  readonly row: number;
  readonly step: number | null;
  readonly group: number | null;
  readonly prompt: string;
  readonly text: string;
  /** Characters of the whole completion. */
  readonly length: number;
  readonly scores: readonly JsonScore[];
  readonly advantage: JsonScore;
  readonly flags: readonly Flag[];
}

/** A reward's column, with the least and greatest score in it: the ends of its colour scale. */
export interface RewardColumn {
  readonly name: string;
  readonly low: number;
  readonly high: number;
}

/** Everything the page needs before it asks for rows. */
export interface CompletionsOpening {
  readonly source: string;
  readonly rows: number;
  /** Rows whose numbers are known; the rest are still being read. */
  readonly filled: number;
  /** Greater whenever rows or numbers have changed, so that views have to be asked for again. */
  readonly version: number;
  readonly rewards: readonly RewardColumn[];
  readonly steps: readonly [first: number, last: number] | null;
  readonly grouping: Grouping;
  readonly groups: number;
  /** The first few; `badCount` is all of them. */
  readonly bad: readonly BadRow[];
  readonly badCount: number;
  /** File of the data set whose columns are joined by prompt. */
  readonly dataset: string | null;
  /** Shown first, where the page has no query of its own yet. */
  readonly query: string;
  /** What a query may speak of, for suggestions. */
  readonly names: QueryNames;
}

/** A filtered and ordered list of rows, kept on the answering side. */
export interface View {
  readonly view: number;
  readonly rows: number;
  readonly findings: readonly QueryFinding[];
  readonly sort: readonly SortKey[];
}

/** A row with its whole text (up to a bound) and every other column as text. */
export interface SampleShown extends RowShown {
  /** Characters of the text that were left out at its end. */
  readonly cut: number;
  readonly columns: Readonly<Record<string, string>>;
}

/** A row with the whole group that it was compared with. */
export interface Detail {
  readonly row: number;
  readonly prompt: string;
  /** In order of rows; the row alone where its group is unknown. */
  readonly samples: readonly SampleShown[];
}

export interface CompletionsPanel {
  readonly asks: {
    readonly hello: Ask<Record<string, never>, CompletionsOpening>;
    readonly view: Ask<{ readonly query: string }, View>;
    /** Rows `from` to `to` (exclusive) of a view. */
    readonly rows: Ask<{ readonly view: number; readonly from: number; readonly to: number }, readonly RowShown[]>;
    readonly detail: Ask<{ readonly row: number }, Detail>;
  };
  readonly tells: {
    readonly grown: CompletionsOpening;
    /** Show this query, for instance one step's rows; asked from outside of the page. */
    readonly show: { readonly query: string };
  };
}

/** Most rows that one call may ask for. */
export const MOST_ROWS = 1000;

const place = v.pipe(v.number(), v.integer(), v.minValue(0));

export const completionsPanelGuards: Guards<CompletionsPanel> = {
  hello: v.object({}),
  view: v.object({ query: v.pipe(v.string(), v.maxLength(10_000)) }),
  rows: v.object({ view: place, from: place, to: place }),
  detail: v.object({ row: place }),
};
