import * as v from 'valibot';
import type { ExportFormat } from '../domain/rollouts/export';
import type { QueryFinding, QueryNames, SortKey } from '../domain/rollouts/query';
import type { BadRow, Grouping, Mapping } from '../domain/rollouts/rollout';
import type { JsonScore } from '../domain/score';
import { jsonScore, place } from './trace';
import type { Ask, Guards } from './wire';

/** What is worth knowing about a row at a glance; each is said only where it is known. */
export type Flag = 'truncated' | 'repeated' | 'no-signal' | 'unclosed' | 'flip' | 'unreadable';

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
  /** The recorded reward that this column holds the scores of, as its edited text gives them now. */
  readonly of?: string;
}

/** A file whose columns nobody knows the meaning of, with what its first record has in them. */
export interface Unmapped {
  readonly file: string;
  readonly columns: readonly { readonly name: string; readonly sample: string; readonly number: boolean }[];
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
  /** Until the user says what its columns mean. */
  readonly unmapped: Unmapped | null;
  /** File of the data set whose columns are joined by prompt. */
  readonly dataset: string | null;
  /** Asked for from outside while no page was there to be told; null where nothing was. */
  readonly query: string | null;
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
  /** What someone said of it. */
  readonly label: 'good' | 'bad' | 'none';
  /** Characters of the text that were left out at its end. */
  readonly cut: number;
  readonly columns: Readonly<Record<string, string>>;
}

/** A picture of a prompt as a data URL, or why it is not shown. */
export type Picture = { readonly name: string; readonly src: string } | { readonly name: string; readonly why: string };

/** A row with the whole group that it was compared with. */
export interface Detail {
  readonly row: number;
  readonly prompt: string;
  readonly pictures: readonly Picture[];
  /** In order of rows; the row alone where its group is unknown. */
  readonly samples: readonly SampleShown[];
}

export interface StepRow {
  readonly step: number;
  readonly row: number;
}

/** A number for each step; `low` and `high` bound the middle of its spread. */
export interface StepCurve {
  readonly name: string;
  readonly steps: readonly number[];
  readonly values: readonly JsonScore[];
  readonly low?: readonly JsonScore[];
  readonly high?: readonly JsonScore[];
}

/** Rows with a step in [step, stepTo) and a score in [low, high). */
export interface SpreadCell {
  readonly step: number;
  readonly stepTo: number;
  readonly low: number;
  readonly high: number;
  readonly rows: number;
}

export interface SpreadPoint {
  readonly row: number;
  readonly length: number;
  readonly total: number;
}

/** How the rows of a view are spread; where they are very many, some chosen evenly stand for all as points. */
export interface Spread {
  readonly histograms: readonly { readonly name: string; readonly cells: readonly SpreadCell[] }[];
  readonly points: readonly SpreadPoint[];
  /** Share by step; null where the record never says. */
  readonly truncated: StepCurve | null;
}

/** How the user wants the table's columns. */
export interface Layout {
  /** Pixels, by a column's title; those that are not here are as wide as they are made. */
  readonly widths: Readonly<Record<string, number>>;
  /** Titles. */
  readonly hidden: readonly string[];
}

export interface SavedQuery {
  readonly name: string;
  readonly query: string;
}

/** What the user wants to find again in every table. */
export interface Kept {
  readonly layout: Layout;
  readonly queries: readonly SavedQuery[];
}

/** What a thread with a table answers; what needs the editor is answered there. */
export interface TableProtocol {
  readonly asks: Omit<CompletionsPanel['asks'], EditorAsks> & {
    readonly save: Ask<
      { readonly view: number; readonly format: ExportFormat; readonly file: string },
      { readonly rows: number }
    >;
    /** What a reward gives these rows now; no rows take its column away. */
    readonly rescore: Ask<
      { readonly reward: string; readonly rows: readonly number[]; readonly scores: readonly JsonScore[] },
      null
    >;
  };
  readonly tells: Pick<CompletionsPanel['tells'], 'grown'>;
}

/** Asks that need the editor and not the table alone. */
type EditorAsks =
  'export' | 'toNotebook' | 'link' | 'compare' | 'against' | 'kept' | 'keep' | 'why' | 'testCase' | 'patterns';

/** A regular expression of an open reward file, as JavaScript writes it. */
export interface Pattern {
  readonly source: string;
  readonly flags: string;
  /** The line of the reward file in which it stands. */
  readonly from: string;
}

export interface CompletionsPanel {
  readonly asks: {
    readonly hello: Ask<Record<string, never>, CompletionsOpening>;
    readonly view: Ask<{ readonly query: string }, View>;
    /** Rows `from` to `to` (exclusive) of a view. */
    readonly rows: Ask<{ readonly view: number; readonly from: number; readonly to: number }, readonly RowShown[]>;
    readonly detail: Ask<{ readonly row: number }, Detail>;
    /** Rows with the same prompt at other steps, one a step. */
    readonly through: Ask<{ readonly row: number }, readonly StepRow[]>;
    /** How scores went from step to step. */
    readonly curves: Ask<{ readonly view: number }, readonly StepCurve[]>;
    readonly spread: Ask<{ readonly view: number }, Spread>;
    /** What the columns of a file mean that nobody knows; remembered for all files with these columns. */
    readonly map: Ask<Mapping, null>;
    readonly label: Ask<{ readonly row: number; readonly label: SampleShown['label'] }, null>;
    /** Writes a view's rows to a file that the user names; null where they name none. */
    readonly export: Ask<{ readonly view: number; readonly format: ExportFormat }, { readonly rows: number } | null>;
    /** Sends a view's rows to a notebook. */
    readonly toNotebook: Ask<{ readonly view: number }, { readonly rows: number }>;
    /** Puts a link to a row into the clipboard. */
    readonly link: Ask<{ readonly row: number }, null>;
    /** Opens two rows in the editor's own diff. */
    readonly compare: Ask<{ readonly left: number; readonly right: number }, null>;
    /** Takes a row aside, or sets it against the one that was taken before, of whichever page. */
    readonly against: Ask<{ readonly row: number }, null>;
    readonly kept: Ask<Record<string, never>, Kept>;
    readonly keep: Ask<Kept, null>;
    /** Opens the reward's own view of why this row has its score. */
    readonly why: Ask<{ readonly row: number }, null>;
    /** Puts the row into the clipboard as expectations of its rewards. */
    readonly testCase: Ask<{ readonly row: number }, null>;
    /** What open reward files look for. */
    readonly patterns: Ask<Record<string, never>, readonly Pattern[]>;
  };
  readonly tells: {
    readonly grown: CompletionsOpening;
    /** Show this query, for instance one step's rows; asked from outside of the page. */
    readonly show: { readonly query: string };
  };
}

/** Most rows that one call may ask for. */
export const MOST_ROWS = 1000;

const format = v.picklist(['jsonl', 'csv', 'markdown']);

const shared = {
  hello: v.object({}),
  view: v.object({ query: v.pipe(v.string(), v.maxLength(10_000)) }),
  rows: v.object({ view: place, from: place, to: place }),
  detail: v.object({ row: place }),
  through: v.object({ row: place }),
  curves: v.object({ view: place }),
  spread: v.object({ view: place }),
  map: v.object({
    text: v.string(),
    prompt: v.optional(v.string()),
    step: v.optional(v.string()),
    group: v.optional(v.string()),
    advantage: v.optional(v.string()),
    scores: v.array(v.string()),
  }),
  label: v.object({ row: place, label: v.picklist(['good', 'bad', 'none']) }),
};

export const completionsPanelGuards: Guards<CompletionsPanel> = {
  ...shared,
  export: v.object({ view: place, format }),
  toNotebook: v.object({ view: place }),
  link: v.object({ row: place }),
  compare: v.object({ left: place, right: place }),
  against: v.object({ row: place }),
  kept: v.object({}),
  keep: v.object({
    layout: v.object({ widths: v.record(v.string(), v.number()), hidden: v.array(v.string()) }),
    queries: v.array(v.object({ name: v.string(), query: v.string() })),
  }),
  why: v.object({ row: place }),
  testCase: v.object({ row: place }),
  patterns: v.object({}),
};

export const tableGuards: Guards<TableProtocol> = {
  ...shared,
  save: v.object({ view: place, format, file: v.string() }),
  rescore: v.object({
    reward: v.string(),
    rows: v.array(place),
    scores: v.array(jsonScore),
  }),
};
