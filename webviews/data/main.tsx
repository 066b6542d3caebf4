import { render, type VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { DataItem, DataOpening, DataPanel } from '../../src/wire/dataPanel';
import { connect, recall, remember } from '../shared/port';
import { RecordCard } from '../shared/record';
import { addStyle } from '../shared/style';
import { Button } from '../shared/ui';
import style from './style.css';

const editor = connect<DataPanel>();
const COUNT = 20;

function Page(): VNode {
  const [data, setData] = useState<DataOpening>();
  const [items, setItems] = useState<readonly DataItem[]>();
  const [from, setFrom] = useState(() => recall({ from: 0 }).from);
  const [failed, setFailed] = useState<string>();
  const fail = (error: unknown): void => setFailed(error instanceof Error ? error.message : String(error));
  useEffect(() => void editor.ask('hello', {}).then(setData, fail), []);
  useEffect(() => {
    remember({ from });
    editor.ask('page', { from, count: COUNT }).then(setItems, fail);
  }, [from]);
  if (failed !== undefined) return <p class="empty">{failed}</p>;
  if (!data || !items) return <p class="empty">Reading the data set…</p>;
  return (
    <>
      <header class="data">
        <h1>{data.name}</h1>
        <span>{data.form ?? 'No known form'}</span>
        <span>{data.rows.toLocaleString('en')} records</span>
      </header>
      <Pager from={from} rows={data.rows} move={setFrom} />
      {items.length === 0 && <p class="empty">There are no records here.</p>}
      {items.map((item) => (
        <RecordCard key={item.row} item={item} />
      ))}
      {items.length > 3 && <Pager from={from} rows={data.rows} move={setFrom} />}
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
