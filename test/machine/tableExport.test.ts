import { mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openTable, type Table } from '../../src/machine/table/table';
import { saveRows } from '../../src/machine/table/export';
import { labelFolder, LABELS, Labels, labelsBeside } from '../../src/machine/table/labels';
import { TableView } from '../../src/machine/table/view';

const RECORDS = [
  { step: 1, group: 'a', prompt: 'p, "q"', completion: '=SUM(A1)\n```', r: 1, solution: '4' },
  { step: 1, group: 'a', prompt: 'p', completion: 'plain', r: null, solution: '4' },
  { step: 2, group: 'a', prompt: 'p', completion: 'later', r: 0.5, solution: '5' },
];

async function table(): Promise<Table> {
  const file = join(await mkdtemp(join(tmpdir(), 'grpo-export-')), 'samples.jsonl');
  await writeFile(file, RECORDS.map((record) => `${JSON.stringify(record)}\n`).join(''));
  return openTable(file);
}

async function saved(format: 'jsonl' | 'csv' | 'markdown', rows: number[]): Promise<{ text: string; file: string }> {
  const opened = await table();
  const file = join(dirname(opened.path), `out.${format}`);
  expect(await saveRows(opened, Int32Array.from(rows), { file, format })).toBe(rows.length);
  return { text: await readFile(file, 'utf8'), file };
}

describe('export', () => {
  it('as JSONL can be opened again, with the same scores', async () => {
    const { file } = await saved('jsonl', [2, 0, 1]);
    const again = await openTable(file);
    const rows = await again.completions([0, 1, 2]);
    expect(rows.map(({ step, text, scores }) => [step, text, scores.r])).toEqual([
      [2, 'later', 0.5],
      [1, RECORDS[0]?.completion, 1],
      [1, 'plain', 'none'],
    ]);
    expect(again.grouping).toEqual({ by: 'id', column: 'group' });
  });

  it('as CSV keeps quotes, and no text becomes a formula', async () => {
    const { text } = await saved('csv', [0, 1]);
    expect(text).toBe(
      `row,step,group,prompt,completion,r,advantage\r\n0,1,0,"p, ""q""","'=SUM(A1)\n\`\`\`",1,unknown\r\n1,1,0,p,plain,none,unknown\r\n`,
    );
  });

  it('as Markdown fences every text so that it cannot end its fence', async () => {
    const { text } = await saved('markdown', [0]);
    expect(text).toContain('## Step 1, row 0');
    expect(text).toContain('`r` 1 · `advantage` unknown');
    expect(text).toContain('````\n=SUM(A1)\n```\n````');
  });

  it('leaves nothing behind when it is stopped', async () => {
    const opened = await table();
    const folder = dirname(opened.path);
    const saving = { file: join(folder, 'out.csv'), format: 'csv' as const, signal: AbortSignal.abort() };
    await expect(saveRows(opened, Int32Array.from([0]), saving)).rejects.toThrow();
    expect(await readdir(folder)).toEqual(['samples.jsonl']);
  });
});

it('an export that cannot be written is a sentence', async () => {
  const saving = { file: '/no/such/folder/out.csv', format: 'csv' } as const;
  const refused = { code: 'refused', message: '/no/such/folder/out.csv cannot be written: its folder is not there.' };
  await expect(saveRows(await table(), Int32Array.from([0]), saving)).rejects.toMatchObject(refused);
});

describe('labels', () => {
  it('are kept beside the run; the newest counts', async () => {
    const opened = await table();
    const view = new TableView(opened);
    await view.label(1, 'good');
    await view.label(1, 'bad');
    expect((await view.detail(1)).samples.map(({ row, label }) => [row, label])).toEqual([
      [0, 'none'],
      [1, 'bad'],
    ]);
    const again = new Labels(labelsBeside(opened.path));
    expect([await again.of(1), await again.of(0)]).toEqual(['bad', 'none']);
    const lines = (await readFile(join(dirname(opened.path), LABELS), 'utf8')).trim().split('\n');
    expect(JSON.parse(lines[1] ?? '')).toMatchObject({ row: 1, label: 'bad', completion: 'plain', solution: '4' });
  });

  it('are read again where they could not be read', async () => {
    const texts = [Promise.reject(new Error('lost')), Promise.resolve('{"row": 1, "label": "good"}\n')];
    const labels = new Labels({ read: () => texts.shift() ?? Promise.resolve(''), append: () => Promise.resolve() });
    await expect(labels.of(1)).rejects.toThrow('lost');
    expect(await labels.of(1)).toBe('good');
  });

  const folders: [string, string][] = [
    ['/runs/a', '/runs/a'],
    ['/runs/a/completions', '/runs/a'],
    ['/runs/a/completions/completions_00001.parquet', '/runs/a'],
    ['/runs/a/completions.jsonl', '/runs/a'],
    ['/runs/a/completions.jsonl.gz', '/runs/a'],
    ['/runs/a/generations.log', '/runs/a'],
    ['/runs/a/dataset.jsonl', '/runs/a'],
    ['/runs/lora.final', '/runs/lora.final'],
    ['/runs/lora.final/rollouts', '/runs/lora.final'],
  ];
  it.each(folders)('of %s stand in %s', (path, folder) => expect(labelFolder(path)).toBe(folder));
});

describe('through the steps', () => {
  it('finds one row a step with the same prompt', async () => {
    const view = new TableView(await table());
    expect(await view.through(1)).toEqual([
      { step: 1, row: 1 },
      { step: 2, row: 2 },
    ]);
  });

  it('gives mean and spread of each reward by step, words left out', async () => {
    const view = new TableView(await table());
    const { view: all } = await view.view('');
    const [r] = view.curves(all);
    expect(r).toMatchObject({ name: 'r', steps: [1, 2], values: [1, 0.5], low: [1, 0.5], high: [1, 0.5] });
    const { view: few } = await view.view('step=1');
    expect(view.curves(few)).toEqual([]);
  });
});
