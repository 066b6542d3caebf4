import { render, type VNode } from 'preact';
import { useCallback, useEffect, useMemo, useReducer, useRef, useState } from 'preact/hooks';
import type {
  CompletionsOpening,
  CompletionsPanel,
  Detail,
  Kept,
  RowShown,
  View,
} from '../../src/wire/completionsPanel';
import chart from '../shared/chart.css';
import { List } from '../shared/list';
import { connect, recall, remember } from '../shared/port';
import { messageOf } from '../shared/problems';
import { addStyle } from '../shared/style';
import { Button } from '../shared/ui';
import { arranged, columnsOf, type Column } from './columns';
import { Export } from './actions';
import { Curves } from './curves';
import { Group } from './detail';
import { Head } from './head';
import { Header } from './header';
import { useKept } from './kept';
import { ColumnsMenu, SavedQueries } from './menu';
import { RowPages } from './pages';
import { KeyMap, useKeys } from './keys';
import { MappingForm } from './mapping';
import { QueryLine } from './query';
import { keysOf } from './pageKeys';
import { SpreadPictures } from './spread';
import type { Reading } from './text';
import style from './style.css';

const editor = connect<CompletionsPanel>();

/** Where the user was: the only thing that the page keeps. */
export interface Place {
  readonly query: string;
  readonly selected: number | undefined;
  readonly curves: boolean;
  readonly spread: boolean;
  readonly reading: Reading;
  readonly diff: boolean;
}

const START: Place = {
  query: '',
  selected: undefined,
  curves: false,
  spread: false,
  reading: { mode: 'apart', special: false },
  diff: false,
};

const ROW_HEIGHT = 26;

function Page(): VNode {
  const [opening, setOpening] = useState<CompletionsOpening>();
  const [failed, setFailed] = useState<string>();
  const [place, setPlace] = useState<Place>(() => recall<Place>(START));
  const move = useCallback((change: Partial<Place>) => setPlace((old) => ({ ...old, ...change })), []);
  const [kept, keep] = useKept(editor);
  useEffect(() => remember(place), [place]);
  useEffect(() => {
    const fail = (error: unknown): void => setFailed(messageOf(error));
    editor.on('grown', setOpening);
    editor.on('show', ({ query }) => move(shownFirst(query)));
    editor.ask('hello', {}).then((first) => {
      setOpening(first);
      if (first.query !== null) move(shownFirst(first.query));
    }, fail);
  }, [move]);
  if (failed !== undefined) return <p class="empty">{failed}</p>;
  if (!opening || !kept) return <p class="empty">Reading the completions…</p>;
  if (opening.unmapped)
    return <MappingForm unmapped={opening.unmapped} onMap={(mapping) => void editor.ask('map', mapping)} />;
  return <Completions {...{ opening, place, move, kept, keep }} />;
}

/** A query for one row, as links have it, opens that row's group. */
function shownFirst(query: string): Partial<Place> {
  return { query, selected: query.startsWith('row=') ? 0 : undefined };
}

interface CompletionsProps {
  readonly opening: CompletionsOpening;
  readonly place: Place;
  readonly move: (change: Partial<Place>) => void;
  readonly kept: Kept;
  readonly keep: (change: Partial<Kept>) => void;
}

function Completions({ opening, place, move, kept, keep }: CompletionsProps): VNode {
  const view = useView(opening, place.query);
  const pages = useRows(view);
  const { layout } = kept;
  const all = useMemo(() => columnsOf(opening), [opening]);
  const columns = useMemo(() => arranged(all, layout), [all, layout]);
  const widths = columns.map(({ width }) => width).join(' ');
  const row = place.selected === undefined ? undefined : pages?.at(place.selected)?.row;
  const detail = useDetail(row);
  const onRange = useCallback((from: number, to: number) => pages?.want(from, to), [pages]);
  const search = (query: string): void => move({ query, selected: undefined });
  const [help, setHelp] = useState(false);
  const keys = keysOf({ editor, row, place, move, onHelp: () => setHelp(true) });
  useKeys(keys);
  return (
    <div class="page" style={{ '--columns': widths }}>
      <Tools {...{ opening, view, place, move, search, all, kept, keep }} />
      <QueryLine query={place.query} names={opening.names} findings={view?.findings ?? []} onQuery={search} />
      {place.curves && <Curves editor={editor} view={view?.view} onStep={(step) => search(`step=${step}`)} />}
      {place.spread && <SpreadPictures editor={editor} view={view?.view} query={place.query} onQuery={search} />}
      {view?.rows === 0 ? (
        <p class="empty">{emptyText(opening)}</p>
      ) : (
        <List
          count={view?.rows ?? 0}
          height={ROW_HEIGHT}
          label="Completions"
          head={
            <Head
              {...{ columns, layout, query: place.query, sort: view?.sort ?? [], onQuery: search }}
              onLayout={(next) => keep({ layout: next })}
            />
          }
          row={(index) => columns.map((column) => <Cell key={column.title} column={column} row={pages?.at(index)} />)}
          selected={place.selected}
          onSelect={(selected) => move({ selected })}
          onOpen={() => document.querySelector<HTMLElement>('.group')?.scrollIntoView()}
          onRange={onRange}
        />
      )}
      {detail && (
        <Group
          editor={editor}
          {...{ detail, reading: place.reading, diff: place.diff, rewards: opening.rewards }}
          onJump={(row) => move({ query: `row=${row}`, selected: 0 })}
          onReading={(reading) => move({ reading })}
          onDiff={(diff) => move({ diff })}
          onSelect={(member) => {
            const step = member - detail.row;
            if (place.query === '' && step !== 0) move({ selected: (place.selected ?? 0) + step });
          }}
        />
      )}
      {help && <KeyMap keys={keys} onClose={() => setHelp(false)} />}
    </div>
  );
}

interface ToolsProps extends CompletionsProps {
  readonly view: View | undefined;
  readonly search: (query: string) => void;
  readonly all: readonly Column[];
  readonly kept: Kept;
  readonly keep: (change: Partial<Kept>) => void;
}

/** The head of the page: what this is, and what can be done with all rows shown. */
function Tools({ opening, view, place, move, search, all, kept, keep }: ToolsProps): VNode {
  return (
    <Header opening={opening} shown={view?.rows}>
      {opening.steps && (
        <Button
          appearance="secondary"
          title="Curves over the steps (o)"
          onClick={() => move({ curves: !place.curves })}
        >
          {place.curves ? 'Hide curves' : 'Over the steps'}
        </Button>
      )}
      <Button
        appearance="secondary"
        title="How these rows are spread (h)"
        onClick={() => move({ spread: !place.spread })}
      >
        {place.spread ? 'Hide spread' : 'Spread'}
      </Button>
      <ColumnsMenu columns={all} layout={kept.layout} onLayout={(layout) => keep({ layout })} />
      <SavedQueries
        query={place.query}
        queries={kept.queries}
        onQuery={search}
        onQueries={(queries) => keep({ queries })}
      />
      <Export editor={editor} view={view?.view} />
    </Header>
  );
}

/** What is not read yet may still fit. */
function emptyText({ rows, filled }: CompletionsOpening): string {
  if (rows === 0) return 'No completions yet.';
  if (filled === rows) return 'No completion fits this query.';
  return `No completion fits so far: the numbers of ${(rows - filled).toLocaleString('en')} are still being read.`;
}

function Cell({ column, row }: { column: Column; row: Parameters<Column['cell']>[0] | undefined }): VNode {
  return (
    <span class={`cell ${column.kind}`} role="gridcell">
      {row ? column.cell(row) : <span class="waiting" />}
    </span>
  );
}

/** The view of a query; the last one stands until the next is there. */
function useView(opening: CompletionsOpening, query: string): View | undefined {
  const [view, setView] = useState<View>();
  useEffect(() => {
    const given = new AbortController();
    editor.ask('view', { query }, given.signal).then(setView, () => undefined);
    return () => given.abort();
  }, [query, opening.version]);
  return view;
}

/** The rows of a view; those of the view before stand until they are there, so that nothing flickers while it grows. */
function useRows(view: View | undefined): RowPages | undefined {
  const [, draw] = useReducer((times: number) => times + 1, 0);
  const before = useRef<RowPages | undefined>(undefined);
  const id = view?.view;
  return useMemo(() => {
    if (id === undefined) return undefined;
    const ask = (from: number, to: number): Promise<readonly RowShown[]> => editor.ask('rows', { view: id, from, to });
    before.current = new RowPages(ask, () => draw(undefined), before.current?.last());
    return before.current;
  }, [id]);
}

/** The group of a row; the last one stands until the next is there, so that nothing flickers. */
function useDetail(row: number | undefined): Detail | undefined {
  const [detail, setDetail] = useState<Detail>();
  useEffect(() => {
    const given = new AbortController();
    if (row !== undefined) editor.ask('detail', { row }, given.signal).then(setDetail, () => undefined);
    return () => given.abort();
  }, [row]);
  return detail;
}

addStyle(`${chart}\n${style}`);
render(<Page />, document.getElementById('root') ?? document.body);
