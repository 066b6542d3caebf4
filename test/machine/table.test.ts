import { mkdtemp, readdir, readFile, writeFile, copyFile, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { scoreAt } from '../../src/domain/rollouts/columns';
import type { Completion } from '../../src/domain/rollouts/rollout';
import { openTable, type Table } from '../../src/machine/table/table';
import { Flags } from '../../src/machine/table/flags';
import { TableQuery } from '../../src/machine/table/query';
import { TableView } from '../../src/machine/table/view';
import { columnsFor, type Samples } from '../../src/machine/table/samples';

const COUNT = resolve('examples/trl-count/output');
const PICTURES = resolve('examples/trl-vl-count/output');

/** A folder with the first three files of the recorded run, without its arguments. */
async function threeSteps(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'grpo-table-'));
  const files = (await readdir(join(COUNT, 'completions'))).sort().slice(0, 3);
  for (const file of files) await copyFile(join(COUNT, 'completions', file), join(folder, file));
  return folder;
}

async function lines(text: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'grpo-table-'));
  await writeFile(join(folder, 'samples.jsonl'), text);
  return join(folder, 'samples.jsonl');
}

/** How many groups sum their advantages to zero: all of them, if the groups are right. */
function balanced({ group, groups, advantage }: Table): number {
  const sums = new Float64Array(groups);
  group.forEach((id, row) => (sums[id] = (sums[id] ?? NaN) + (advantage.values[row] ?? NaN)));
  return sums.filter((sum) => Math.abs(sum) < 1e-4).length;
}

/** The run's own accuracy reward on one sample: the joined solution must give what was recorded. */
function accuracy({ columns }: Samples, at: number): number {
  const answer = (text: unknown) => /<answer>([^]*?)<\/answer>/.exec(String(text))?.[1]?.trim();
  const given = answer(columns.completion?.[at]);
  return given !== undefined && given === answer(columns.solution?.[at]) ? 1 : 0;
}

describe('the recorded runs', () => {
  const cases: [string, string, object][] = [
    ['counting', COUNT, { rows: 28_160, groups: 3520, rewards: ['accuracy_reward', 'format_reward'] }],
    ['pictures', PICTURES, { rows: 7040, groups: 880, rewards: ['external_r1v_acc', 'format_reward'] }],
  ];
  it.each(cases)('%s: every row, every group', async (_name, path, expected) => {
    const table = await openTable(path);
    expect(table).toMatchObject({ ...expected, framework: 'trl', bad: [] });
    expect(table.grouping).toEqual({ by: 'order', size: 8, proof: 'args' });
    expect(balanced(table)).toBe(table.groups);
  });

  it('says why a solution is unknown where all prompts are the same, and what would tell it', async () => {
    const { samples } = await new TableView(await openTable(PICTURES)).detail(0);
    expect(samples[0]?.columns.solution).toMatch(/^unknown: \d+ records .* differ in it\. A launch that records/);
  });

  it('crashed: every row, every group, without the arguments that it never wrote', async () => {
    const table = await openTable(resolve('test/recordings/crashed/completions.jsonl.gz'));
    expect(table).toMatchObject({ rows: 3712, groups: 464, rewards: ['accuracy_reward', 'format_reward'], bad: [] });
    expect(table.grouping).toEqual({ by: 'order', size: 8, proof: 'advantages' });
    expect(balanced(table)).toBe(464);
    const prompts = (await table.completions(Array.from({ length: 3712 }, (_, row) => row))).map(
      ({ prompt }) => prompt,
    );
    expect(prompts.every((prompt, row) => prompt === prompts[row - (row % 8)])).toBe(true);
  });

  it('finds the same groups without args.json, by advantages alone', async () => {
    const table = await openTable(await threeSteps());
    expect(table).toMatchObject({ rows: 384, groups: 48, grouping: { by: 'order', size: 8, proof: 'advantages' } });
  });

  it('puts the groups of the pictures where truth.jsonl has them', async () => {
    const table = await openTable(PICTURES);
    const truth = (await readFile('examples/trl-vl-count/truth.jsonl', 'utf8')).trim().split('\n');
    const pictures = truth.flatMap((line) => (JSON.parse(line) as { pictures: number[] }).pictures);
    expect(pictures).toHaveLength(table.rows);
    const pictureOf = new Map<number, number>();
    table.group.forEach((id, row) => pictureOf.set(id, pictures[row] ?? -1));
    expect([...table.group].every((id, row) => pictureOf.get(id) === pictures[row])).toBe(true);
  });

  it('reads rows whole, in the order asked', async () => {
    const table = await openTable(COUNT);
    const [last, first] = await table.completions([28_159, 0]);
    expect(first).toMatchObject({ row: 0, step: 1, group: 0, scores: { accuracy_reward: 0, format_reward: 1 } });
    expect(first?.prompt).toMatch(/^user\nScene: small cyan rubber cube/);
    expect(first?.text).toMatch(/<answer>8<\/answer>$/);
    expect(last).toMatchObject({ row: 28_159, step: 220, group: 3519 });
    expect(last?.advantage).toBe(scoreAt(table.advantage, 28_159));
  });

  it('joins the solution of every row where the prompt decides it', async () => {
    const table = await openTable(COUNT);
    const samples = await columnsFor(table, { needs: ['solution'] });
    expect(samples.left).toEqual([]);
    expect(samples.rows).toHaveLength(28_160);
    expect(samples.columns.solution?.[0]).toBe('<answer> 9 </answer>');
    expect(samples.conversational).toBe(true);
    expect(samples.batches).toHaveLength(220);
    expect(samples.batches.at(-1)).toEqual([28_032, 28_160]);
    const recorded = table.scores.get('accuracy_reward')?.values;
    const differing = samples.rows.filter((row, at) => accuracy(samples, at) !== recorded?.[row]);
    expect(differing).toEqual([]);
  });

  it('says unknown where one prompt has several solutions', async () => {
    const samples = await columnsFor(await openTable(PICTURES), { needs: ['solution'] });
    expect(samples.rows).toEqual([]);
    const why = 'records of the data set with their prompt differ in it';
    expect(samples.left).toEqual([{ column: 'solution', rows: 7040, why }]);
  });
});

describe('what a table does with bad input', () => {
  it('names a file that is cut off; the rest stands', async () => {
    const folder = await threeSteps();
    await truncate(join(folder, 'completions_00002.parquet'), 5000);
    const table = await openTable(folder);
    expect(table.rows).toBe(256);
    expect(table.bad).toHaveLength(1);
    expect(table.bad[0]?.message).toMatch(
      /^completions_00002\.parquet could not be read \(.+\); its rows are missing here\.$/,
    );
  });

  it('counts lines that are no JSON, with their place', async () => {
    const table = await openTable(
      await lines('{"prompt":"a","completion":"b"}\nnot json\n\n{"prompt":"c","completion":"d"}\n'),
    );
    expect(table).toMatchObject({ rows: 3, bad: [{ line: 2, message: 'This line is no JSON object.' }] });
  });

  it('reads what Python writes for numbers that are none', async () => {
    const table = await openTable(
      await lines(
        '{"completion":"a","r":NaN}\n{"completion":"NaN","r":-Infinity}\n{"completion":"c","r":null}\n{"completion":"d","r":0.5}\n',
      ),
    );
    const column = table.scores.get('r');
    expect(column && [0, 1, 2, 3].map((row) => scoreAt(column, row))).toEqual(['nan', -Infinity, 'none', 0.5]);
    expect((await table.completions([1]))[0]?.text).toBe('NaN');
  });

  const failures: [string, () => Promise<string>, RegExp][] = [
    ['a text', () => Promise.resolve('examples/trl-count/rewards.py'), /^rewards\.py holds no records\.$/],
    ['nothing there', () => Promise.resolve('/nowhere/at/all'), /^There is no file or folder/],
    ['an empty folder', () => mkdtemp(join(tmpdir(), 'grpo-table-')), /holds no completions/],
    ['other columns', () => lines('{"a":1,"b":2}\n'), /has no column with completions \(it has a, b\)/],
  ];
  it.each(failures)('%s', async (_name, path, message) => {
    await expect(openTable(await path())).rejects.toThrow(message);
  });
});

describe('queries over a table', () => {
  const three = async () => {
    const table = await openTable(await threeSteps());
    return new TableQuery(table, new Flags(table));
  };
  const counts: [string, (completion: Completion) => boolean][] = [
    ['step=2 accuracy=0', ({ step, scores }) => step === 2 && scores.accuracy_reward === 0],
    ['text~"There are 9 items"', ({ text }) => text.includes('There are 9 items')],
    [
      '/cyan.*cube/ len<300',
      ({ text, prompt }) => text.length < 300 && (/cyan.*cube/.test(text) || /cyan.*cube/.test(prompt)),
    ],
    ['-metallic', ({ text, prompt }) => !text.includes('metallic') && !prompt.includes('metallic')],
  ];
  it.each(counts)('%s', async (query, expected) => {
    const selecting = await three();
    const table = await openTable(await threeSteps());
    const all = await table.completions([...table.group.keys()]);
    const { rows } = await selecting.select(query);
    expect([...(rows ?? [])]).toEqual(all.filter(expected).map(({ row }) => row));
  });

  it('finds groups without signal by their advantages and by the spread of their scores', async () => {
    const table = await openTable(COUNT);
    const selecting = new TableQuery(table, new Flags(table));
    const { rows } = await selecting.select('flag:no-signal');
    const flat = await selecting.select('group.std=0');
    expect(rows?.length).toBeGreaterThan(0);
    expect((rows?.length ?? 0) % 8).toBe(0);
    expect([...(flat.rows ?? [])].every((row) => rows?.includes(row))).toBe(true);
  });

  it('gives way to a newer query', async () => {
    const selecting = await three();
    await expect(selecting.select('text~x', AbortSignal.abort())).rejects.toThrow('newer query');
    const given = new AbortController();
    setTimeout(() => given.abort(), 0);
    await expect(selecting.select('text~/x/', given.signal), 'asked meanwhile').rejects.toThrow('newer query');
  });
});

describe('samples written by hand', () => {
  it('carry their own solution', async () => {
    const path = await lines(
      '{"prompt":"p","completion":"x","solution":"1"}\n{"prompt":"p","completion":"y","solution":"2"}\n',
    );
    const samples = await columnsFor(await openTable(path), { needs: ['solution'] });
    expect(samples.columns).toEqual({ prompt: ['p', 'p'], completion: ['x', 'y'], solution: ['1', '2'] });
    expect(samples.batches).toEqual([[0, 2]]);
  });

  it('lack a solution that nobody knows', async () => {
    const samples = await columnsFor(await openTable(await lines('{"completion":"x"}\n')), { needs: ['solution'] });
    expect(samples.left[0]?.why).toMatch(/no data set/);
  });
});
