import { render, type VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { counted } from '../../src/base/counted';
import type { DataItem, DataOpening, DataPanel } from '../../src/wire/dataPanel';
import { connect, recall, remember } from '../shared/port';
import { isCancelled, messageOf } from '../shared/problems';
import { RecordCard } from '../shared/record';
import { addStyle } from '../shared/style';
import { Button } from '../shared/ui';
import { Report } from './report';
import style from './style.css';
import { RecordTable } from './table';

const editor = connect<DataPanel>();
const COUNT = 20;
const TABS = ['table', 'records', 'report'] as const;
type Tab = (typeof TABS)[number];

interface Place {
  readonly from: number;
  readonly tab: Tab | null;
}

/** What the page was opened for. */
function tabFor({ report, model }: DataOpening): Tab {
  if (report) return 'report';
  return model === null ? 'table' : 'records';
}

function Page(): VNode {
  const [data, setData] = useState<DataOpening>();
  const [items, setItems] = useState<readonly DataItem[]>();
  const [place, setPlace] = useState<Place>(() => recall<Place>({ from: 0, tab: null }));
  const [failed, setFailed] = useState<string>();
  const [refused, setRefused] = useState<string>();
  /** Counts how often the records were looked at otherwise: they are asked for anew then. */
  const [looks, setLooks] = useState(0);
  const fail = (error: unknown): void => setFailed(messageOf(error));
  const move = (from: number): void => setPlace((now) => ({ ...now, from }));
  const tab = place.tab ?? (data ? tabFor(data) : 'table');
  useEffect(() => void editor.ask('hello', {}).then(setData, fail), []);
  useEffect(() => remember(place), [place]);
  useEffect(() => {
    const older = new AbortController();
    editor.ask('page', { from: place.from, count: COUNT }, older.signal).then(setItems, (error: unknown) => {
      if (!older.signal.aborted) fail(error);
    });
    return () => older.abort();
  }, [place.from, looks]);
  if (failed !== undefined) return <p class="empty">{failed}</p>;
  if (!data || !items) return <p class="empty">Reading the data set…</p>;
  const opened = (told: Promise<DataOpening>, next: Tab): void => {
    setRefused(undefined);
    told.then(
      (now) => {
        setData(now);
        setLooks((before) => before + 1);
        setPlace((before) => ({ ...before, tab: next }));
      },
      (error: unknown) => setRefused(isCancelled(error) ? undefined : messageOf(error)),
    );
  };
  const look = (through: 'model' | 'nothing'): void => opened(editor.ask('look', { through }), 'records');
  const check = (): void => opened(editor.ask('check', {}), 'report');
  const show = (row: number): void => setPlace({ from: row - (row % COUNT), tab: 'records' });
  return (
    <>
      <Head data={data} tab={tab} choose={(next) => setPlace({ ...place, tab: next })} look={look} check={check} />
      {refused !== undefined && (
        <p class="problem" role="alert">
          {refused}
        </p>
      )}
      {tab === 'report' && data.report && <Report data={data} report={data.report} show={show} record={recordAt} />}
      {tab !== 'report' && (
        <>
          {data.rows > 0 && <Pager from={place.from} rows={data.rows} move={move} />}
          {items.length === 0 && <p class="empty">There are no records here.</p>}
          {tab === 'table' ? (
            <RecordTable items={items} />
          ) : (
            items.map((item) => <RecordCard key={item.row} item={item} />)
          )}
          {items.length > 3 && <Pager from={place.from} rows={data.rows} move={move} />}
        </>
      )}
    </>
  );
}

async function recordAt(row: number): Promise<DataItem | undefined> {
  return (await editor.ask('page', { from: row, count: 1 }))[0];
}

interface HeadProps {
  readonly data: DataOpening;
  readonly tab: Tab;
  readonly choose: (tab: Tab) => void;
  readonly look: (through: 'model' | 'nothing') => void;
  readonly check: () => void;
}

function Head({ data, tab, choose, look, check }: HeadProps): VNode {
  const tabs = TABS.filter((name) => name !== 'report' || data.report);
  return (
    <>
      <header class="data">
        <h1>{data.name}</h1>
        <span>{data.form ?? 'No known form'}</span>
        <span>{counted(data.rows, 'record')}</span>
        {data.model !== null && <span>as {data.model} sees them</span>}
      </header>
      <div class="tabs" role="tablist">
        {tabs.map((name) => (
          <button key={name} role="tab" aria-selected={name === tab} onClick={() => choose(name)}>
            {name}
          </button>
        ))}
        <span class="acts">
          <Button appearance="secondary" onClick={check}>
            Check…
          </Button>
          <Button appearance="secondary" onClick={() => look('model')}>
            What the model sees…
          </Button>
          {data.model !== null && (
            <Button appearance="secondary" title="As they stand in the file" onClick={() => look('nothing')}>
              ✕
            </Button>
          )}
        </span>
      </div>
    </>
  );
}

function Pager({ from, rows, move }: { from: number; rows: number; move: (from: number) => void }): VNode {
  const last = Math.max(0, Math.floor((rows - 1) / COUNT) * COUNT);
  const button = (text: string, title: string, to: number): VNode => (
    <Button appearance="secondary" title={title} disabled={to === from} onClick={() => move(to)}>
      {text}
    </Button>
  );
  return (
    <nav>
      {button('«', 'First records', 0)}
      {button('‹', 'Records before', Math.max(0, from - COUNT))}
      <span>
        {Math.min(from, Math.max(0, rows - 1))} – {Math.min(from + COUNT, rows) - 1}
      </span>
      {button('›', 'Records after', Math.min(last, from + COUNT))}
      {button('»', 'Last records', last)}
    </nav>
  );
}

addStyle(style);
render(<Page />, document.getElementById('root') ?? document.body);
