import { existsSync, readdirSync, readlinkSync } from 'node:fs';
import { appendFile, copyFile, mkdir, mkdtemp, rename, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { OpenFile } from '../../src/machine/rollouts/openFile';
import { LiveTable } from '../../src/machine/table/live';
import { openTable } from '../../src/machine/table/table';
import { startTable } from '../../src/machine/table/thread';
import { Flags } from '../../src/machine/table/flags';
import { TableQuery } from '../../src/machine/table/query';

const never = new AbortController().signal;
const open: LiveTable[] = [];
afterEach(() => open.splice(0).forEach((live) => live.dispose()));

async function file(text: string): Promise<string> {
  const path = join(await mkdtemp(join(tmpdir(), 'grpo-live-')), 'completions.jsonl');
  await writeFile(path, text);
  return path;
}

function follow(path: string): LiveTable {
  const live = new LiveTable(path, {});
  open.push(live);
  return live;
}

/** What a descriptor is of; those that were closed meanwhile are of nothing. */
function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}

const row = (step: number, text: string): string => `${JSON.stringify({ step, completion: text, score: step / 10 })}\n`;
const rows = async (live: LiveTable): Promise<number> => (await live.methods.hello({}, never)).rows;
const texts = async (live: LiveTable): Promise<string[]> => {
  const { view, rows: count } = await live.methods.view({ query: '' }, never);
  return (await live.methods.rows({ view, from: 0, to: count }, never)).map(({ text }) => text);
};

describe('a table that follows its files', () => {
  it('takes what is appended; half a last line waits', async () => {
    const path = await file(row(1, 'a') + row(1, 'b').slice(0, 20));
    const live = follow(path);
    expect(await texts(live)).toEqual(['a']);
    await appendFile(path, row(1, 'b').slice(20) + row(2, 'c'));
    await expect.poll(() => rows(live), { timeout: 3000 }).toBe(3);
    expect(await texts(live)).toEqual(['a', 'b', 'c']);
    expect((await live.methods.hello({}, never)).badCount).toBe(0);
  });

  it('shows new rows within a second', async () => {
    const path = await file(row(1, 'a'));
    const live = follow(path);
    await expect.poll(() => rows(live)).toBe(1);
    const grown = new Promise<number>((resolve) =>
      live.onGrown(({ rows: count }) => count === 2 && resolve(performance.now())),
    );
    const start = performance.now();
    await appendFile(path, row(2, 'b'));
    expect((await grown) - start).toBeLessThan(1000);
  });

  const changes: [string, (path: string) => Promise<void>][] = [
    [
      'cut',
      async (path) => {
        await truncate(path, 0);
        await writeFile(path, row(9, 'new'));
      },
    ],
    [
      'replaced',
      async (path) => {
        await writeFile(`${path}.new`, row(9, 'new'));
        await rename(`${path}.new`, path);
      },
    ],
  ];
  it.each(changes)('reads anew what was %s', async (_name, change) => {
    const path = await file(row(1, 'a') + row(1, 'b'));
    const live = follow(path);
    await expect.poll(() => rows(live)).toBe(2);
    await change(path);
    await expect.poll(() => texts(live).catch(() => []), { timeout: 5000 }).toEqual(['new']);
  });

  it('finds files that come later, in their order', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'grpo-live-'));
    await writeFile(join(folder, '2.jsonl'), row(2, 'b').trimEnd());
    const live = follow(folder);
    await expect.poll(() => rows(live).catch(() => -1)).toBeGreaterThanOrEqual(0);
    await writeFile(join(folder, '10.jsonl'), row(10, 'c'));
    await expect.poll(() => texts(live), { timeout: 3000 }).toEqual(['b', 'c']);
  });

  it.runIf(process.platform === 'linux')('holds no file of a folder that was removed', async () => {
    const path = await file(row(1, 'a'));
    const live = follow(dirname(path));
    await expect.poll(() => rows(live), { timeout: 20_000 }).toBe(1);
    const held = (): number =>
      readdirSync('/proc/self/fd').filter((number) => linkOf(`/proc/self/fd/${number}`).startsWith(path)).length;
    expect(held()).toBe(1);
    await rm(dirname(path), { recursive: true });
    await expect.poll(held, { timeout: 20_000 }).toBe(0);
    await expect.poll(() => rows(live).catch(String), { timeout: 20_000 }).toMatch(/no file or folder/);
  });

  it('waits for a folder that has nothing yet', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'grpo-live-'));
    const live = follow(folder);
    await expect(rows(live)).rejects.toThrow('holds no completions');
    await writeFile(join(folder, 'completions.jsonl'), row(1, 'a'));
    await expect.poll(() => rows(live).catch(() => 0), { timeout: 5000 }).toBe(1);
  });
});

describe('search in the bytes', () => {
  const records = [
    { prompt: 'zebra', completion: 'plain' },
    { prompt: 'p', completion: 'a zebra', score: 1 },
    { prompt: 'p', completion: 'x', note: 'a zebra elsewhere' },
    { prompt: 'p', completion: 'réflexion "quoted" </think>' },
    { prompt: 'p', completion: '日本' },
    { prompt: 'p', completion: [{ role: 'assistant', content: 'zebra in messages' }] },
  ];
  const plain = records.map((record) => `${JSON.stringify(record)}\n`).join('');
  const ascii = plain.replace(/[\u0080-\uffff]/g, (text) => `\\u${text.charCodeAt(0).toString(16).padStart(4, '0')}`);
  const spaced = plain.replace(/":/g, '": ').replace(/</g, '\\u003c').replace(/>/g, '\\u003e');
  const cases: [string, number[]][] = [
    ['text~zebra', [1, 5]],
    ['prompt~zebra', [0]],
    ['zebra', [0, 1, 5]],
    ['note~zebra', [2]],
    ['text!~zebra', [0, 2, 3, 4]],
    ['text~réflexion', [3]],
    ['text~日本', [4]],
    ['text~"\\"quoted\\" </think>"', [3]],
    ['text~"/z.b/"', [1, 5]],
    ['completion', []],
  ];
  describe.each(Object.entries({ plain, ascii, spaced }))('%s', (_name, text) => {
    it.each(cases)('%s', async (query, expected) => {
      const table = await openTable(await file(text));
      const { rows: found } = await new TableQuery(table, new Flags(table)).select(query);
      expect([...(found ?? [])]).toEqual(expected);
    });
  });

  it('measures texts without reading rows, as they are', async () => {
    const table = await openTable(await file(ascii));
    const { values } = await new TableQuery(table, new Flags(table)).column('len');
    expect([...values]).toEqual((await table.completions([0, 1, 2, 3, 4, 5])).map(({ text }) => text.length));
  });
});

it('pictures that stand beside a record are found in its own folder', async () => {
  const record = join(await mkdtemp(join(tmpdir(), 'grpo-live-')), 'record');
  await mkdir(join(record, 'images'), { recursive: true });
  await copyFile('examples/trl-vl-count/images/00000.png', join(record, 'images', 'a.png'));
  const line = { form: 1, prompt: 'p', completion: 'c', scores: { r: 1 }, images: ['images/a.png'] };
  await writeFile(join(record, 'grpo-record-0-1.jsonl'), `${JSON.stringify(line)}\n`);
  const live = new LiveTable(record, {});
  const { pictures } = await live.methods.detail({ row: 0 }, never);
  expect(pictures).toMatchObject([{ name: 'a.png' }]);
  live.dispose();
});

it('a file that was closed is read no more, and is closed once', async () => {
  const path = await file(row(1, 'a'));
  const closed = new OpenFile(path);
  closed.close();
  const other = new OpenFile(path);
  closed.close();
  expect(other.read(0, 8).toString()).toBe('{"step":');
  expect(() => closed.read(0, 8)).toThrow(/no longer open/);
  expect(() => closed.size).toThrow(/no longer open/);
  other.close();
});

it('what a table’s thread leaves behind goes when the thread ends', async () => {
  const script = join(await mkdtemp(join(tmpdir(), 'grpo-live-')), 'thread.cjs');
  await writeFile(
    script,
    `const { mkdtempSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { parentPort } = require('node:worker_threads');
const params = mkdtempSync(tmpdir() + '/copy-');
parentPort.on('message', () => parentPort.postMessage({ jsonrpc: '2.0', method: 'grown', params: [params] }));`,
  );
  const thread = startTable(script, { path: '/nowhere', options: {} });
  const made = new Promise<unknown>((resolve) => thread.table.on('grown', resolve));
  void thread.table.ask('hello', {}).catch(() => undefined);
  const folder = String(await made);
  expect(existsSync(folder)).toBe(true);
  thread.dispose();
  await expect.poll(() => existsSync(folder), { timeout: 20_000 }).toBe(false);
});
