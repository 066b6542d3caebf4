import { execFileSync } from 'node:child_process';
import { resolve } from 'node:path';
import { LineIndex } from '../../src/machine/rollouts/lineIndex';
import { OpenFile } from '../../src/machine/rollouts/openFile';
import { openTable, Table } from '../../src/machine/table/table';
import { TableView } from '../../src/machine/table/view';
import { milliseconds, type Figure } from './figure';
import { recordingShare } from './recording';
import { rollouts } from './rollouts';
import { scrolling } from './scrolling';

const ROWS = 1_000_000;
const file = rollouts(ROWS);
let ready: Promise<TableView> | undefined;

/** The big table, read once for all figures that need it whole. */
function whole(): Promise<TableView> {
  ready ??= openTable(file).then((table) => new TableView(table));
  return ready;
}

async function firstPage(): Promise<number> {
  const table = new Table(file, { growing: true });
  const time = await milliseconds(async () => {
    await table.begin();
    const view = new TableView(table);
    await view.rows((await view.view('')).view, 0, 60);
  });
  table.dispose();
  return time;
}

function offsets(): Promise<number> {
  const open = new OpenFile(file);
  return milliseconds(() => {
    const index = new LineIndex(open);
    while (index.grow(1000));
    if (index.rows !== ROWS) throw new Error(`found ${index.rows} rows`);
    open.close();
  });
}

async function columns(): Promise<number> {
  const table = new Table(file, {});
  await table.begin();
  const time = await milliseconds(() => table.load());
  table.dispose();
  return time;
}

/** Of a hundred pages anywhere in the file, the time that 95 of them stay below. */
async function pages(): Promise<number> {
  const view = await whole();
  const { view: all } = await view.view('');
  const times: number[] = [];
  for (let at = 0; at < 100; at++) {
    const from = Math.floor((((at * 48271) % 99991) / 99991) * (ROWS - 60));
    times.push(await milliseconds(() => view.rows(all, from, from + 60)));
  }
  return times.sort((a, b) => a - b)[94] ?? NaN;
}

async function query(text: string, rows: number): Promise<number> {
  const view = await whole();
  let found = 0;
  const time = await milliseconds(async () => (found = (await view.view(text)).rows));
  if (rows >= 0 && found !== rows) throw new Error(`${text} found ${found} rows`);
  return time;
}

const grep = (text: string): Promise<number> => milliseconds(() => execFileSync('grep', ['-c', '-F', text, file]));

export const figures: readonly Figure[] = [
  { name: 'a million rows: first page', unit: 'ms', budget: 300, run: firstPage },
  {
    name: 'a million rows: where rows start',
    unit: 'ms',
    run: offsets,
    peer: { name: 'wc -l', most: 3, run: () => milliseconds(() => execFileSync('wc', ['-l', file])) },
  },
  { name: 'a million rows: all columns filled', unit: 'ms', budget: 3000, runs: 3, run: columns },
  { name: 'a million rows: a page of 60, p95', unit: 'ms', budget: 2, run: pages },
  {
    name: 'a million rows: filter and sort',
    unit: 'ms',
    budget: 250,
    run: () => query('step>100 accuracy=0 sort:-advantage', -1),
  },
  {
    name: 'a million rows: full-text search',
    unit: 'ms',
    run: () => query('text~"flexion zebra"', 1000),
    peer: { name: 'grep -c -F', most: 2, run: () => grep('flexion zebra') },
  },
  {
    name: 'a million rows: a text that a third of the rows have',
    unit: 'ms',
    run: () => query('text~"large purple"', -1),
    peer: { name: 'grep -c -F', run: () => grep('large purple') },
  },
  { name: 'a million rows: scrolled through, frame p95', unit: 'ms', budget: 50, runs: 1, run: () => scrolling(file) },
  { name: 'memory with a million rows', unit: 'MB', budget: 300, runs: 1, run: memory },
  { name: 'recording: share of a step of the recorded run', unit: '%', budget: 1, run: recordingShare },
  {
    name: '220 parquet files of the recorded run: open',
    unit: 'ms',
    budget: 400,
    run: () => milliseconds(() => openTable(resolve('examples/trl-count/output'))),
  },
];

/** Of a process of its own with the product's thread, when the table is read, searched and sorted. */
function memory(): Promise<number> {
  const script = `
    const { Worker } = require('node:worker_threads');
    const worker = new Worker('./dist/tableWorker.js', { workerData: { path: process.argv[1], options: {} } });
    const ask = (id, method, params) => worker.postMessage({ jsonrpc: '2.0', id, method, params });
    worker.on('message', ({ id, method, params }) => {
      if (method === 'grown' && params.filled === params.rows) ask(2, 'view', { query: 'text~"flexion zebra" sort:-len' });
      if (id !== 2) return;
      console.log(process.memoryUsage().rss / 1e6);
      process.exit();
    });
    ask(1, 'hello', {});`;
  return Promise.resolve(Number(execFileSync(process.execPath, ['-e', script, file], { timeout: 60_000 })));
}
