import type { ComponentChildren } from 'preact';
import type { CompletionsOpening, Layout, RowShown } from '../../src/wire/completionsPanel';
import { AdvantageCell, FlagCell, ScoreCell } from './cells';

/** A column of the table: what it is called in the query line, how wide it is, and what a row shows in it. */
export interface Column {
  /** Its word in the query language, by which it is sorted; undefined where sorting means nothing. */
  readonly key: string | undefined;
  readonly title: string;
  /** Of a CSS grid. */
  readonly width: string;
  readonly kind: 'number' | 'text' | 'flags';
  readonly cell: (row: RowShown) => ComponentChildren;
}

/** A rendered prompt begins with its role, which would be all that a narrow column shows. */
const ROLE = /^(system|user)\n/;

/** The table's columns in their order; those that the record cannot fill are left out. */
export function columnsOf({ rewards, steps, grouping }: CompletionsOpening): Column[] {
  const number = (key: string, width: number, cell: Column['cell']): Column => ({
    key,
    title: key,
    width: `${width}px`,
    kind: 'number',
    cell,
  });
  const text = (title: string, share: number, cell: Column['cell']): Column => ({
    key: undefined,
    title,
    width: `minmax(120px, ${share}fr)`,
    kind: 'text',
    cell,
  });
  return [
    number('row', 58, ({ row }) => row),
    ...(steps ? [number('step', 44, ({ step }) => step ?? '')] : []),
    ...(grouping.by === 'unknown' ? [] : [number('group', 50, ({ group }) => group ?? '')]),
    text('prompt', 2, ({ prompt }) => oneLine(prompt.replace(ROLE, ''))),
    text('completion', 3, ({ text: completion }) => oneLine(completion)),
    ...rewards.map((reward, at) =>
      number(reward.name, 92, ({ scores }) => <ScoreCell score={scores[at] ?? 'unknown'} column={reward} />),
    ),
    number('advantage', 92, ({ advantage }) => <AdvantageCell advantage={advantage} />),
    { ...number('len', 56, ({ length }) => length), title: 'length' },
    { key: undefined, title: 'flags', width: '96px', kind: 'flags', cell: ({ flags }) => <FlagCell flags={flags} /> },
  ];
}

/** Pixels below which no column is made. */
export const NARROWEST = 32;

/** The columns that are shown, as wide as the user wants them. */
export function arranged(columns: readonly Column[], { widths, hidden }: Layout): Column[] {
  const shown = columns.filter(({ title }) => !hidden.includes(title));
  return (shown.length > 0 ? shown : columns).map((column) => {
    const width = widths[column.title];
    return width === undefined ? column : { ...column, width: `${width}px` };
  });
}

export function resized(layout: Layout, title: string, width: number): Layout {
  return { ...layout, widths: { ...layout.widths, [title]: Math.max(NARROWEST, Math.round(width)) } };
}

/** Hides a column, or shows it again; a layout that says so already stays as it is. */
export function hiding(layout: Layout, title: string, hide = true): Layout {
  const { hidden } = layout;
  if (hidden.includes(title) === hide) return layout;
  return { ...layout, hidden: hide ? [...hidden, title] : hidden.filter((each) => each !== title) };
}

/** A text on one line: breaks and runs of blanks become one blank. */
function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
