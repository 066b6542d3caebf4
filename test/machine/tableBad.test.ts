import { appendFile, mkdtemp, rename, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { describe, expect, it } from 'vitest';
import { scoreAt } from '../../src/domain/rollouts/columns';
import { openTable, Table } from '../../src/machine/table/table';

/** A zstd frame with one raw block (RFC 8878), so that no packer is needed. */
function zstd(text: string): Buffer {
  const bytes = Buffer.from(text);
  const head = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0xa0, 0, 0, 0, 0, 0, 0, 0]);
  head.writeUInt32LE(bytes.length, 5);
  head.writeUIntLE((bytes.length << 3) | 1, 9, 3);
  return Buffer.concat([head, bytes]);
}

/** As zstd, with a codec that no reader of ours knows. */
function unknownCodec(): Uint8Array {
  const column = (name: string, data: unknown[], type: 'STRING' | 'DOUBLE') => ({ name, data, type });
  return new Uint8Array(
    parquetWriteBuffer({
      columnData: [
        column('prompt', ['p'], 'STRING'),
        column('completion', ['c'], 'STRING'),
        column('r', [1], 'DOUBLE'),
      ],
      codec: 'LZO',
      compressors: { LZO: (bytes: Uint8Array) => bytes },
    }),
  );
}

const folder = (): Promise<string> => mkdtemp(join(tmpdir(), 'grpo-bad-'));
const row = (text: string, r: unknown, more: object = {}): string =>
  `${JSON.stringify({ completion: text, r, ...more })}\n`;

async function open(files: Readonly<Record<string, string | Uint8Array>>): Promise<Table> {
  const path = await folder();
  for (const [name, content] of Object.entries(files)) await writeFile(join(path, name), content);
  return openTable(path);
}

/** Texts and scores of all rows, and the places that could not be read. */
async function told(files: Readonly<Record<string, string | Uint8Array>>): Promise<object> {
  const table = await open(files);
  const all = await table.completions([...table.group.keys()]);
  const column = table.scores.get('r');
  return {
    texts: all.map(({ text }) => (text.length > 100 ? text.length : text)),
    scores: all.map((_, at) => column && scoreAt(column, at)),
    bad: table.bad.map(({ line, message }) => `${line ?? ''} ${message.replace(/\(.*\)/, '(…)')}`.trim()),
  };
}

const plain = { texts: ['a', 'b'], scores: [1, 0], bad: [] };
const two = row('a', 1) + row('b', 0);
const NO_OBJECT = 'This line is no JSON object.';

describe('bad input is counted and shown with its place; nothing is dropped', () => {
  const cases: [string, Readonly<Record<string, string | Uint8Array>>, object][] = [
    ['gzip', { 'x.jsonl.gz': gzipSync(two) }, plain],
    ['zstd', { 'x.jsonl.zst': zstd(two) }, plain],
    ['a byte order mark', { 'x.jsonl': `\uFEFF${two}` }, plain],
    ['Windows line ends', { 'x.jsonl': two.replaceAll('\n', '\r\n') }, plain],
    [
      'half a last line',
      { 'x.jsonl': `${two}{"completion": "c", "r` },
      { texts: ['a', 'b', ''], scores: [1, 0, 'unknown'], bad: [`3 ${NO_OBJECT}`] },
    ],
    [
      'rows that are not JSON',
      { 'x.jsonl': `${row('a', 1)}Traceback\n[1]\n${row('b', 0)}` },
      { texts: ['a', '', '', 'b'], scores: [1, 'unknown', 'unknown', 0], bad: [`2 ${NO_OBJECT}`, `3 ${NO_OBJECT}`] },
    ],
    ['duplicate rows', { 'x.jsonl': row('a', 1).repeat(3) }, { texts: ['a', 'a', 'a'], scores: [1, 1, 1], bad: [] }],
    [
      'scores as strings',
      { 'x.jsonl': `${row('a', '0.5', { reward: '1' })}${row('b', 'nan', { reward: '-inf' })}` },
      { texts: ['a', 'b'], bad: [] },
    ],
    [
      'a completion of 10 MB',
      { 'x.jsonl': row('x'.repeat(10 << 20), 1) + row('b', 0) },
      { texts: [10 << 20, 'b'], scores: [1, 0], bad: [] },
    ],
    [
      'mixed schemas between steps',
      { '1.jsonl': row('a', 1), '2.jsonl': row('b', 0, { late: 3 }), '3.jsonl': '{"response": "c", "other": 2}\n' },
      { texts: ['a', 'b', 'c'], scores: [1, 0, 'unknown'], bad: [] },
    ],
    [
      'a parquet file of an unknown codec beside a good file',
      { '1.jsonl': row('a', 1), '2.parquet': unknownCodec() },
      {
        texts: ['a', ''],
        scores: [1, 'unknown'],
        bad: ['2.parquet could not be read (…); its rows are missing here.'],
      },
    ],
    [
      'broken packing beside a good file',
      { '1.jsonl': two, '2.jsonl.gz': 'no gzip' },
      { ...plain, bad: ['2.jsonl.gz could not be read (…); its rows are missing here.'] },
    ],
  ];
  it.each(cases)('%s', async (_name, files, expected) => {
    expect(await told(files)).toMatchObject(expected);
  });

  it('takes what a file that is not the last still gets, and opens anew what was replaced', async () => {
    const path = await folder();
    await writeFile(join(path, 'grpo-record-0-1.jsonl'), row('a', 1));
    await writeFile(join(path, 'grpo-record-1-2.jsonl'), row('b', 0));
    const table = new Table(path, { growing: true });
    await table.begin();
    await table.load();
    expect(table.rows).toBe(2);
    await appendFile(join(path, 'grpo-record-0-1.jsonl'), row('c', 1));
    await table.load();
    expect(table.changed).toBe(true);
    table.dispose();
    const again = await openTable(path);
    expect((await again.completions([0, 1, 2])).map(({ text }) => text)).toEqual(['a', 'c', 'b']);
    await truncate(join(path, 'grpo-record-0-1.jsonl'), 0);
    expect(again.changed).toBe(true);
    again.dispose();
    const other = await openTable(path);
    await writeFile(join(path, 'new'), row('z', 1));
    await rename(join(path, 'new'), join(path, 'grpo-record-1-2.jsonl'));
    expect(other.changed).toBe(true);
    other.dispose();
  });
});
