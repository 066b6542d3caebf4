import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { scoreAt } from '../../src/domain/rollouts/columns';
import { openTable, type Table } from '../../src/machine/table/table';

type Files = Readonly<Record<string, string | Buffer>>;

async function folderOf(files: Files): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'grpo-source-'));
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  return folder;
}

/** What a table shows of all its rows, short. */
async function shown(table: Table): Promise<object[]> {
  const rows = await table.completions([...Array(table.rows).keys()]);
  return rows.map(({ step, group, prompt, text, scores, advantage }) => ({
    step,
    group,
    prompt,
    text,
    ...scores,
    advantage,
  }));
}

const json = (...records: object[]): string => records.map((record) => `${JSON.stringify(record)}\n`).join('');

/** Forms as logs of each framework have them; made by hand after the writer's source. */
const cases: { name: string; files: Files; facts: object; rows: object[] }[] = [
  {
    name: 'ms-swift, one event a line (v3.8 and later)',
    files: {
      'logging.jsonl': '{"loss": 1}\n',
      'completions.jsonl':
        '{"step": ["1","1"], "prompt": ["p","p"], "completion": ["a","b"], "MathAccuracy": [1.0, NaN], "advantages": [0.7, -0.7], "solution": ["1","1"]}\n',
    },
    facts: { framework: 'swift', rewards: ['MathAccuracy'], grouping: { by: 'order', size: 2, proof: 'advantages' } },
    rows: [
      { step: 1, group: 0, prompt: 'p', text: 'a', MathAccuracy: 1, advantage: 0.7 },
      { step: 1, group: 0, prompt: 'p', text: 'b', MathAccuracy: 'nan', advantage: -0.7 },
    ],
  },
  {
    name: 'ms-swift, messages (v3.1 to v3.2)',
    files: {
      'completions.jsonl': json({
        step: [2],
        messages: [[{ role: 'user', content: 'q' }]],
        completion: ['c'],
        reward: [0.5],
      }),
    },
    facts: { framework: 'swift', rewards: ['reward'] },
    rows: [{ step: 2, group: undefined, prompt: 'user\nq', text: 'c', reward: 0.5, advantage: 'unknown' }],
  },
  {
    name: 'ms-swift, Ray backend: a row a line',
    files: { 'completions.jsonl': json({ gen_step: 3, prompt: 'p', completion: 'c', reward: 1 }) },
    facts: { framework: 'swift', rewards: ['reward'] },
    rows: [{ step: 3, group: undefined, prompt: 'p', text: 'c', reward: 1, advantage: 'unknown' }],
  },
  {
    name: 'verl, V1 trainer: uid with two suffixes, files in order of their steps',
    files: {
      '10.jsonl': json({ input: 'q', output: 'c', gts: '4', score: 1, step: 10, uid: 'x-y_0_0' }),
      '2.jsonl': json(
        { input: 'q', output: 'a', gts: '4', score: 0, step: 2, uid: 'x-y_0_0' },
        { input: 'q', output: 'b', gts: '4', score: 1, step: 2, uid: 'x-y_0_1' },
      ),
    },
    facts: {
      framework: 'verl',
      rewards: ['score'],
      groups: 2,
      grouping: { by: 'id', column: 'uid' },
      textColumns: ['gts', 'uid'],
    },
    rows: [
      { step: 2, group: 0, prompt: 'q', text: 'a', score: 0, advantage: 'unknown' },
      { step: 2, group: 0, prompt: 'q', text: 'b', score: 1, advantage: 'unknown' },
      { step: 10, group: 1, prompt: 'q', text: 'c', score: 1, advantage: 'unknown' },
    ],
  },
  {
    name: 'verl, V0 trainer: no uid, further keys of the reward',
    files: {
      '1.jsonl': json({
        input: 'q',
        output: 'a',
        score: 0,
        step: 1,
        acc: 0,
        pred: 'x',
        incorrect_format: 1,
        feedback: '',
      }),
    },
    facts: { rewards: ['score', 'acc', 'incorrect_format'], grouping: { by: 'unknown' } },
    rows: [
      {
        step: 1,
        group: undefined,
        prompt: 'q',
        text: 'a',
        score: 0,
        acc: 0,
        incorrect_format: 1,
        advantage: 'unknown',
      },
    ],
  },
  {
    name: 'EasyR1 generations.log, with a tag inside of a text',
    files: {
      'experiment_log.jsonl': '{"step": 1}\n',
      'generations.log':
        '[prompt] system\nkind\n\n[output] <think>2+2</think>\n[ground_truth] 4\n[score] 1.0\n\n[prompt] second\n\nand a fake [score] tag\n[output] no box\n[ground_truth] 7\n[score] nan\n\n',
    },
    facts: { framework: 'easyr1', rewards: ['score'], textColumns: ['ground_truth'] },
    rows: [
      {
        step: undefined,
        group: undefined,
        prompt: 'system\nkind\n',
        text: '<think>2+2</think>',
        score: 1,
        advantage: 'unknown',
      },
      {
        step: undefined,
        group: undefined,
        prompt: 'second\n\nand a fake [score] tag',
        text: 'no box',
        score: 'nan',
        advantage: 'unknown',
      },
    ],
  },
  {
    name: 'traces: messages, a reward, its metrics in an object',
    files: {
      'traces.jsonl': json({
        example_id: 7,
        prompt: [{ role: 'user', content: 'q' }],
        completion: [{ role: 'assistant', content: 'c' }],
        reward: 1.5,
        metrics: { correct: 1, format: null },
      }),
    },
    facts: { rewards: ['reward', 'correct', 'format'], groups: 1 },
    rows: [
      {
        step: undefined,
        group: 0,
        prompt: 'user\nq',
        text: 'assistant\nc',
        reward: 1.5,
        correct: 1,
        format: 'none',
        advantage: 'unknown',
      },
    ],
  },
  {
    name: 'our own record',
    files: {
      'grpo-record-1.jsonl': json(
        {
          form: 1,
          step: 1,
          group: 'a',
          prompt: 'p',
          completion: 'c',
          level: 3,
          scores: { accuracy: 1, style: 'error' },
          solution: '4',
        },
        {
          form: 1,
          step: 1,
          group: 'a',
          prompt: 'p',
          completion: 'd',
          extra: 9,
          scores: { accuracy: 'nan', late: 2 },
          solution: '4',
        },
      ),
    },
    facts: {
      rewards: ['accuracy', 'style', 'late'],
      groups: 1,
      textColumns: ['form', 'group', 'level', 'solution', 'extra'],
    },
    rows: [
      { step: 1, group: 0, prompt: 'p', text: 'c', accuracy: 1, style: 'error', late: 'unknown', advantage: 'unknown' },
      { step: 1, group: 0, prompt: 'p', text: 'd', accuracy: 'nan', style: 'unknown', late: 2, advantage: 'unknown' },
    ],
  },
  {
    name: 'gzip',
    files: { 'completions.jsonl.gz': gzipSync(json({ step: 1, completion: 'packed', r: 1 })) },
    facts: { rewards: ['r'], bad: [] },
    rows: [{ step: 1, group: undefined, prompt: '', text: 'packed', r: 1, advantage: 'unknown' }],
  },
  {
    name: 'zstd',
    // `{"completion":"z","r":2}` and its line end, as one raw block of a Zstandard frame.
    files: { 'completions.jsonl.zst': zstd('{"completion":"z","r":2}\n') },
    facts: { rewards: ['r'], bad: [] },
    rows: [{ step: undefined, group: undefined, prompt: '', text: 'z', r: 2, advantage: 'unknown' }],
  },
  {
    name: 'a BOM, scores as texts, keys that come later, a row without any',
    files: {
      'samples.jsonl': `\uFEFF${json({ completion: 'a', score: '0.5' }, { completion: 'b', score: 'Infinity', late: 1 }, { completion: 'c' })}`,
    },
    facts: { rewards: ['score', 'late'], bad: [] },
    rows: [
      { text: 'a', score: 0.5, late: 'unknown' },
      { text: 'b', score: Infinity, late: 1 },
      { text: 'c', score: 'unknown', late: 'unknown' },
    ].map((row) => ({ step: undefined, group: undefined, prompt: '', advantage: 'unknown', ...row })),
  },
];

/** A Zstandard frame with one raw block (RFC 8878, 3.1.1), which every reader unpacks. */
function zstd(text: string): Buffer {
  const bytes = Buffer.from(text);
  const block = (bytes.length << 3) | 1;
  const head = [0x28, 0xb5, 0x2f, 0xfd, 0x20, bytes.length, block & 0xff, (block >> 8) & 0xff, (block >> 16) & 0xff];
  return Buffer.concat([Buffer.from(head), bytes]);
}

describe('sources', () => {
  it.each(cases)('$name', async ({ files, facts, rows }) => {
    const table = await openTable(await folderOf(files));
    const seen = Object.fromEntries(Object.keys(facts).map((name) => [name, table[name as keyof Table]]));
    expect(seen).toMatchObject(facts);
    expect(await shown(table)).toEqual(rows);
    for (const name of table.rewards) {
      const column = table.scores.get(name);
      expect(rows.map((_, row) => column && scoreAt(column, row))).toEqual(
        rows.map((row) => (row as Record<string, unknown>)[name]),
      );
    }
  });

  const broken: [string, Files, RegExp][] = [
    [
      'a broken gzip',
      { 'completions.jsonl.gz': Buffer.from('no gzip at all') },
      /completions\.jsonl\.gz could not be read/,
    ],
    [
      'a parquet that is none',
      { 'completions_1.parquet': 'PAR1 and nothing' },
      /completions_1\.parquet could not be read/,
    ],
    [
      'metrics in place of rollouts',
      { 'metrics-1.jsonl': '{"loss":1}\n' },
      /has no column with completions \(it has loss\)/,
    ],
  ];
  it.each(broken)('says so of %s', async (_name, files, message) => {
    await expect(openTable(await folderOf(files))).rejects.toThrow(message);
  });

  it('reads a completion of 10 MB, and shows where it cut it', async () => {
    const text = 'x'.repeat(10_000_000);
    const table = await openTable(
      await folderOf({ 'samples.jsonl': json({ completion: text, r: 1 }, { completion: 'after', r: 0 }) }),
    );
    expect(table.rows).toBe(2);
    expect((await table.completions([0]))[0]?.text.length).toBe(10_000_000);
    expect(table.scores.get('r')?.values).toEqual(Float64Array.from([1, 0]));
  });

  it('counts a line of lists that do not fit', async () => {
    const lines = `${json({ step: [1], prompt: ['p'], completion: ['a'] })}{"step": 3}\n`;
    const table = await openTable(await folderOf({ 'completions.jsonl': lines }));
    expect(table.rows).toBe(1);
    expect(table.bad).toMatchObject([{ line: 2 }]);
  });
});
