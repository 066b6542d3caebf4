import { render, type VNode } from 'preact';
import { useCallback, useEffect, useMemo, useReducer, useRef, useState } from 'preact/hooks';
import type { CompletionsOpening, CompletionsPanel, Detail, RowShown, View } from '../../src/wire/completionsPanel';
import { List } from '../shared/list';
import { connect, recall, remember } from '../shared/port';
import { addStyle } from '../shared/style';
import { Button } from '../shared/ui';
import { columnsOf, type Column } from './columns';
import { Export } from './actions';
import { Curves } from './curves';
import { Group } from './detail';
import { Head } from './head';
import { Header } from './header';
import { RowPages } from './pages';
import { QueryLine } from './query';
import style from './style.css';

const editor = connect<CompletionsPanel>();

/** Where the user was: the only thing that the page keeps. */
interface Place {
  readonly query: string;
  readonly selected: number | undefined;
  readonly curves: boolean;
}

const ROW_HEIGHT = 26;

function Page(): VNode {
  const [opening, setOpening] = useState<CompletionsOpening>();
  const [failed, setFailed] = useState<string>();
  const [place, setPlace] = useState<Place>(() => recall<Place>({ query: '', selected: undefined, curves: false }));
  const move = useCallback((change: Partial<Place>) => setPlace((old) => ({ ...old, ...change })), []);
  useEffect(() => remember(place), [place]);
  useEffect(() => {
    const fail = (error: unknown): void => setFailed(error instanceof Error ? error.message : String(error));
    editor.on('grown', setOpening);
    editor.on('show', ({ query }) => move(shownFirst(query)));
    editor.ask('hello', {}).then((first) => {
      setOpening(first);
      setPlace((old) =>
        old.query === '' && old.selected === undefined ? { ...old, ...shownFirst(first.query) } : old,
      );
    }, fail);
  }, [move]);
  if (failed !== undefined) return <p class="empty">{failed}</p>;
  if (!opening) return <p class="empty">Reading the completions…</p>;
  return <Completions opening={opening} place={place} move={move} />;
}

/** A query for one row, as links have it, opens that row's group. */
function shownFirst(query: string): Partial<Place> {
  return { query, selected: query.startsWith('row=') ? 0 : undefined };
}

interface CompletionsProps {
  readonly opening: CompletionsOpening;
  readonly place: Place;
  readonly move: (change: Partial<Place>) => void;
}

function Completions({ opening, place, move }: CompletionsProps): VNode {
  const view = useView(opening, place.query);
  const pages = useRows(view);
  const columns = useMemo(() => columnsOf(opening), [opening]);
  const widths = columns.map(({ width }) => width).join(' ');
  const row = place.selected === undefined ? undefined : pages?.at(place.selected)?.row;
  const detail = useDetail(row);
  const onRange = useCallback((from: number, to: number) => pages?.want(from, to), [pages]);
  const search = (query: string): void => move({ query, selected: undefined });
  return (
    <div class="page" style={{ '--columns': widths }}>
      <Header opening={opening} shown={view?.rows}>
        {opening.steps && (
          <Button appearance="secondary" onClick={() => move({ curves: !place.curves })}>
            {place.curves ? 'Hide curves' : 'Over the steps'}
          </Button>
        )}
        <Export editor={editor} view={view?.view} />
      </Header>
      <QueryLine query={place.query} names={opening.names} findings={view?.findings ?? []} onQuery={search} />
      {place.curves && <Curves editor={editor} view={view?.view} onStep={(step) => search(`step=${step}`)} />}
      {view?.rows === 0 ? (
        <p class="empty">{opening.rows === 0 ? 'No completions yet.' : 'No completion fits this query.'}</p>
      ) : (
        <List
          count={view?.rows ?? 0}
          height={ROW_HEIGHT}
          label="Completions"
          head={<Head columns={columns} query={place.query} sort={view?.sort ?? []} onQuery={search} />}
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
          onJump={(row) => move({ query: `row=${row}`, selected: 0 })}
          detail={detail}
          rewards={opening.rewards}
          onSelect={(member) => {
            const step = member - detail.row;
            if (place.query === '' && step !== 0) move({ selected: (place.selected ?? 0) + step });
          }}
        />
      )}
    </div>
  );
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

addStyle(style);
render(<Page />, document.getElementById('root') ?? document.body);
