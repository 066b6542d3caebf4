import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { easyr1Dataset } from '../../src/domain/frameworks/easyr1/dataset';
import { verlDataset } from '../../src/domain/frameworks/verl/dataset';
import type { RawRecord } from '../../src/domain/rollouts/rollout';
import { convert, plan } from '../../src/machine/data/convert';
import { onTape } from '../../src/machine/data/onTape';
import { parquetGroups } from '../../src/machine/data/parquetRecords';

const ROWS = 500;
let folder = '';
let rows: readonly RawRecord[] = [];

function recordAt(row: number): RawRecord {
  return {
    prompt: `<image>${row}? “é” ${'\n"quoted" \\frac '.repeat(row % 9)}`,
    answer: row % 40 === 0 ? '' : `${row % 7}`,
    images: row % 3 === 0 ? undefined : Array.from({ length: row % 3 }, (_, at) => `images/${row}-${at}.png`),
    id: row % 2 === 0 ? row - 2 ** 40 : undefined,
    share: row / 7,
    flag: row % 5 > 1,
    boxes: row % 4 === 0 ? undefined : [[row, 2], [3]],
    mixed: [row % 2 === 0 ? 'text' : row],
  };
}

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'grpo-parquet-'));
  mkdirSync(path.join(folder, 'ways'));
  const [input, output] = [path.join(folder, 'in.jsonl'), path.join(folder, 'out.parquet')];
  writeFileSync(input, Array.from({ length: ROWS }, (_, row) => `${JSON.stringify(recordAt(row))}\n`).join(''));
  expect(await convert(await plan({ input, output, to: verlDataset }, { ahead: true }))).toBe(ROWS);
  const script = path.join(import.meta.dirname, 'parquetFiles.py');
  const told = execFileSync(
    process.env['GRPO_LENS_TEST_PYTHON'] ?? 'python3',
    [script, output, path.join(folder, 'ways')],
    { encoding: 'utf8' },
  );
  rows = told
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as RawRecord);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('pyarrow reads from our parquet what the records said', () => {
  const truth = Array.from({ length: ROWS }, (_, row) => {
    const { prompt, answer, images, id, share, flag, boxes, mixed } = recordAt(row);
    return {
      data_source: 'unknown',
      prompt: [{ role: 'user', content: prompt }],
      images: (images as string[] | undefined)?.map((image) => ({ image })) ?? null,
      reward_model: { style: 'rule', ground_truth: answer },
      extra_info: { id: id ?? null, share, flag, boxes: boxes ?? null, mixed: JSON.stringify(mixed) },
    };
  });
  expect(rows).toEqual(truth);
});

test('files as pyarrow writes them, pages and codecs of every kind, come back as the records were', async () => {
  const ways = readdirSync(path.join(folder, 'ways'));
  expect(ways).toHaveLength(16);
  for (const way of ways) {
    const [input, output] = [path.join(folder, 'ways', way), path.join(folder, 'back.jsonl')];
    const [first] = await parquetGroups(input);
    const stretch = { kind: 'rows', file: input, from: first?.[0] ?? 0, to: first?.[1] ?? 0 } as const;
    const job = { from: 'verl', to: 'easyr1', output: 'jsonl', types: { columns: {}, media: {} }, stretch } as const;
    expect((await onTape(job))?.good, way).toBe(170);
    expect(await convert(await plan({ input, output, to: easyr1Dataset }, { ahead: true })), way).toBe(ROWS);
  }
});
