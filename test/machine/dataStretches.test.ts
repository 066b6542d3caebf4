import { existsSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { easyr1Dataset } from '../../src/domain/frameworks/easyr1/dataset';
import { verlDataset } from '../../src/domain/frameworks/verl/dataset';
import type { RawRecord } from '../../src/domain/rollouts/rollout';
import { convert, drop, plan, type Pace } from '../../src/machine/data/convert';
import { readRecords } from '../../src/machine/data/records';
import { dataFolder } from './dataFolder';

let folder = '';
const file = dataFolder((made) => (folder = made));

const THREADS = resolve('dist', 'convertWorker.js');
/** More than one stretch of 2 MiB. */
const ROWS = 3500;

function recordAt(row: number): RawRecord {
  return { prompt: `${row}? ${'é<b>"\\'.repeat(180)}`, answer: `${row % 7}`, level: row };
}

async function written(name: string, late: readonly unknown[] = [], rows = ROWS): Promise<string> {
  const records = [...Array.from({ length: rows }, (_, row) => recordAt(row)), ...late];
  const lines = records.map((record) => (typeof record === 'string' ? record : JSON.stringify(record)));
  const text = name.endsWith('.json') ? `[\n${lines.join(',\n')}\n]` : lines.join('\n');
  return file(name, text);
}

async function all(path: string): Promise<unknown[]> {
  const records = [];
  for await (const { record, bad } of readRecords(path)) records.push(record ?? bad);
  return records;
}

test.each<[string, string, string, Pace]>([
  ['JSONL through parquet, written ahead', 'in.jsonl', 'out.parquet', { ahead: true }],
  ['JSONL through parquet, in two passes', 'in.jsonl', 'out.parquet', {}],
  ['a JSON list through JSON', 'in.json', 'out.json', { ahead: true }],
  ['JSONL through parquet, in threads', 'in.jsonl', 'out.parquet', { ahead: true, threads: THREADS }],
])('%s and back: every record in its place', { timeout: 120_000 }, async (_, from, to, pace) => {
  if (pace.threads) expect(existsSync(pace.threads)).toBe(true);
  // A thread must get a second stretch, too.
  const rows = pace.threads ? 3 * ROWS : ROWS;
  const [output, back] = [join(folder, to), join(folder, 'back.jsonl')];
  expect(await convert(await plan({ input: await written(from, [], rows), output, to: verlDataset }, pace), pace)).toBe(
    rows,
  );
  await convert(await plan({ input: output, output: back, to: easyr1Dataset }, pace), pace);
  const records = (await all(back)) as RawRecord[];
  expect(records.map(({ data_source: _source, ...record }) => record)).toEqual(
    Array.from({ length: rows }, (_, row) => recordAt(row)),
  );
  expect((await readdir(folder)).filter((name) => name.startsWith('.'))).toEqual([]);
});

test('a type that shows only late: what was written ahead is let go of, and the file is right', async () => {
  const input = await written('in.jsonl', [{ prompt: 'last', answer: 'x', level: 'high', more: { a: 1 } }]);
  const output = join(folder, 'out.parquet');
  const made = await plan({ input, output, to: easyr1Dataset }, { ahead: true });
  expect([made.ahead, made.rows]).toEqual([undefined, ROWS + 1]);
  expect(made.lost).toEqual([['the type of “level”, which becomes JSON text', ROWS + 1]]);
  await convert(made);
  expect((await all(output)).at(-1)).toEqual({ prompt: 'last', answer: 'x', level: 'high', more: { a: 1 } });
});

test('rows and lines of what is bad count from the beginning of the file', async () => {
  const input = await written('in.jsonl', ['', '{"prompt":', '{"messages":[]}']);
  const made = await plan({ input, output: join(folder, 'out.jsonl'), to: verlDataset }, { ahead: true });
  expect(made.bad).toEqual([
    { row: ROWS, line: ROWS + 2, text: 'It is no whole JSON object.' },
    { row: ROWS + 1, line: ROWS + 3, text: '“prompt” is no text.' },
  ]);
  await drop(made);
  expect(await readdir(folder)).toEqual(['in.jsonl']);
});

test('a plan that is stopped leaves nothing, nor does one that cannot be written', async () => {
  const input = await written('in.jsonl');
  const stopped = plan(
    { input, output: join(folder, 'out.jsonl'), to: verlDataset },
    { ahead: true, signal: AbortSignal.abort() },
  );
  await expect(stopped).rejects.toThrow('Cancelled.');
  expect(await readdir(folder)).toEqual(['in.jsonl']);
  const nowhere = plan({ input, output: join(folder, 'no', 'out.jsonl'), to: verlDataset }, { ahead: true });
  await expect(nowhere).rejects.toThrow(/out.jsonl cannot be written: its folder is not there/);
});

test('a file of the former name stays as it was until the new one is whole', async () => {
  const output = join(folder, 'out.jsonl');
  await writeFile(output, 'old');
  const made = await plan({ input: await written('in.jsonl'), output, to: verlDataset }, { ahead: true });
  expect(await readFile(output, 'utf8')).toBe('old');
  await convert(made);
  expect((await readFile(output, 'utf8')).startsWith('{"data_source"')).toBe(true);
});
