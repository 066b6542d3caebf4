import { appendFile, copyFile, mkdir, mkdtemp, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Brought } from '../../src/machine/rewards/brought';
import { FarRollouts } from '../../src/machine/rollouts/far';
import { LiveTable } from '../../src/machine/table/live';
import { openTable } from '../../src/machine/table/table';
import { columnsFor } from '../../src/machine/table/samples';
import { Targets } from '../../src/machine/hosts/targets';
import type { TableProtocol } from '../../src/wire/completionsPanel';
import type { Called } from '../../src/wire/wire';
import { makeFarPlace, type FarPlace } from '../machine/farPlace';
import type { Place } from '../machine/place';
import { startRelay, type Relay } from '../machine/relay';
import type { Sshd } from '../machine/sshd';

const never = new AbortController().signal;
const ROWS = 40_000;
/** 20 ms there and back, and 50 Mbit/s. */
const [DELAY, BYTES_PER_MS] = [10, 6250];

let sshd: Sshd;
let place: Place;
let far: string;
let all: FarPlace;
let relay: Relay;

const record = (row: number): string =>
  `${JSON.stringify({ form: 1, step: 1 + Math.floor(row / 64), group: `g${row >> 3}`, prompt: 'p'.repeat(200), completion: `${row === 777 ? 'zebra' : 'é'} ${'word '.repeat(60)}`, scores: { r: row % 2, f: null }, note: 'zebra' })}\n`;

beforeAll(async () => {
  all = await makeFarPlace();
  ({ sshd, place, far } = all);
  relay = await startRelay(sshd.port, DELAY, { rate: BYTES_PER_MS });
});

afterAll(() => {
  relay.close();
  all.remove();
});

const targets = (): Targets =>
  new Targets({ python: 'python', home: place.home, sshConfig: sshd.configFor({ Port: `${relay.port}` }) });

function open(path: string): LiveTable {
  const own = targets();
  return new LiveTable(path, { far: async () => FarRollouts.open((await own.get('far')).host, path) });
}

/** How long a login with one question takes now: on a busy machine, everything takes so much longer. */
async function login(): Promise<number> {
  const own = targets();
  const start = performance.now();
  await (await own.get('far')).host.ask('entries', { path: far });
  own.dispose();
  return performance.now() - start;
}

describe('completions of a run on a host, over 20 ms and 50 Mbit/s', () => {
  it('show their first page without the file being copied, then fill, filter, search and follow', async () => {
    const path = await mkdtemp(join(far, 'run-'));
    await mkdir(join(path, 'rollouts'));
    const records = Array.from({ length: ROWS }, (_, row) => record(row));
    await writeFile(join(path, 'rollouts', '1.jsonl'), records.join(''));
    const { size } = await stat(join(path, 'rollouts', '1.jsonl'));
    const alone = await login();
    const before = relay.received();
    const start = performance.now();
    const live = open(path);
    const all = await live.methods.view({ query: '' }, never);
    const page = await live.methods.rows({ view: all.view, from: 0, to: 60 }, never);
    const milliseconds = performance.now() - start;
    expect(page).toHaveLength(60);
    expect(page[0]).toMatchObject({ row: 0, step: 1, text: expect.stringContaining('é word') as string });
    process.stdout.write(
      `first page ${Math.round(milliseconds)} ms, a login alone ${Math.round(alone)} ms, ${relay.received() - before} of ${size} bytes\n`,
    );
    expect(milliseconds).toBeLessThan(Math.max(1500, 2.5 * alone));
    expect(relay.received() - before).toBeLessThan(500_000);
    const hello = async () => live.methods.hello({}, never);
    await expect.poll(async () => (await hello()).filled, { timeout: 30_000 }).toBe(ROWS);
    expect(await hello()).toMatchObject({ rows: ROWS, groups: ROWS / 8, grouping: { by: 'id' }, badCount: 0 });
    const count = async (query: string): Promise<number> => (await live.methods.view({ query }, never)).rows;
    expect(await count('r=1 step=2')).toBe(32);
    expect(await count('f=none')).toBe(ROWS);
    expect(await count('text~zebra')).toBe(1);
    const sorted = await live.methods.view({ query: 'sort:-len,-row' }, never);
    expect((await live.methods.rows({ view: sorted.view, from: 0, to: 2 }, never)).map(({ row }) => row)).toEqual([
      777,
      ROWS - 1,
    ]);
    expect(relay.received() - before).toBeLessThan(size / 4);
    await appendFile(join(path, 'rollouts', '1.jsonl'), record(ROWS));
    await expect.poll(async () => (await hello()).rows, { timeout: 5000 }).toBe(ROWS + 1);
    live.dispose();
  });

  it('show parquet files of a run as they come', async () => {
    const path = await mkdtemp(join(far, 'trl-'));
    await mkdir(join(path, 'completions'), { recursive: true });
    const from = 'examples/trl-count/output/completions';
    await copyFile('examples/trl-count/dataset.jsonl', join(path, 'dataset.jsonl'));
    const names = (await readdir(from)).sort();
    for (const name of names.slice(0, 3)) await copyFile(join(from, name), join(path, 'completions', name));
    const live = open(path);
    await expect.poll(async () => (await live.methods.hello({}, never)).groups, { timeout: 10_000 }).toBe(48);
    await copyFile(join(from, names[3] ?? ''), join(path, 'completions', names[3] ?? ''));
    await expect.poll(async () => (await live.methods.hello({}, never)).groups, { timeout: 5000 }).toBe(64);
    await live.methods.label({ row: 130, label: 'good' }, never);
    const { samples } = await live.methods.detail({ row: 130 }, never);
    expect(samples.find(({ row }) => row === 130)?.label).toBe('good');
    expect(JSON.parse(await readFile(join(path, 'labels.jsonl'), 'utf8'))).toMatchObject({ row: 130, label: 'good' });
    await bringsBatch(live);
    live.dispose();
  });

  /** Rewards are run here: a row comes with all that the trainer scored with it, and with the data set. */
  async function bringsBatch({ methods }: LiveTable): Promise<void> {
    const ask = (name: keyof typeof methods, args: never): unknown => methods[name](args, never);
    const brought = new Brought({ ask } as unknown as Called<TableProtocol>);
    const [file, row] = await brought.batchOf(130);
    const table = await openTable(file);
    const [sample] = await table.completions([row]);
    expect([table.rows, row, sample?.step]).toEqual([128, 2, 2]);
    expect((await columnsFor(table, { needs: ['solution'] })).left).toEqual([]);
    table.dispose();
    brought.dispose();
  }
});
