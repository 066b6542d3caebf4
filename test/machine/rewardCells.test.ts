import { expect, test } from 'vitest';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { scoreAt, unknownScores } from '../../src/domain/rollouts/columns';
import { samplesFor } from '../../src/machine/rewards/cellSamples';
import { openTable } from '../../src/machine/table/table';
import { columnsFor } from '../../src/machine/table/samples';
import { outputTypes, readOutput } from '../../src/wire/notebook';
import { run, start } from './kernelCells';

test('%%reward defines rewards and shows their scores on the chosen samples', async () => {
  const own = start();
  const source = readFileSync('examples/trl-count/rewards.py', 'utf8');
  const samples =
    '[{"completion": "<think>a</think><answer> 7 </answer>", "solution": "<answer> 7 </answer>"}, {"completion": "7", "solution": "<answer> 8 </answer>"}]';
  await run(own, `samples = ${samples}`);
  const { outcome, shown } = await run(own, `%%reward\n${source}`);
  expect(outcome).toEqual({ status: 'ok' });
  const read = shown.map((bundle) => readOutput(outputTypes.rewards, bundle[outputTypes.rewards]));
  expect(
    read.map(
      (each) => each.kind === 'rewards' && [each.output.reward, each.output.samples.rows.map((row) => row.scores)],
    ),
  ).toEqual([
    [{ name: 'accuracy_reward', cell: expect.stringContaining('In[') as string, line: 18 }, [[1], [0]]],
    [{ name: 'format_reward', cell: expect.stringContaining('In[') as string, line: 28 }, [[1], [0]]],
  ]);
  const missing = await run(own, '%%reward nowhere\ndef reward(completions, **k): return [1.0 for c in completions]');
  expect(missing.outcome).toMatchObject({ status: 'error', error: { name: 'BadInput' } });
  const none = await run(own, '%%reward\nx = 1');
  expect(none.outcome).toMatchObject({
    status: 'error',
    error: { message: expect.stringContaining('defines no reward') as string },
  });
});

test('what a %%reward cell took from a variable can be asked for, and scores alike as a table', async () => {
  const own = start();
  const prompt = '[{"role": "user", "content": "How many?"}]';
  await run(
    own,
    `mine = [{"prompt": ${prompt}, "completion": "x" * n, "solution": n % 2, "uid": n // 2} for n in range(6)]`,
  );
  const code =
    'def odd(completions, solution, **k): return [float(len(c[0]["content"]) % 2 == s) for c, s in zip(completions, solution)]';
  expect((await run(own, `%%reward mine\n${code}`)).outcome).toEqual({ status: 'ok' });
  const kept = await own.ownSamples('mine', 4);
  expect(kept).toMatchObject({ rows: 4, total: 6, prompts: `{"prompt": ${prompt}}\n` });
  const folder = mkdtempSync(join(tmpdir(), 'grpo-kernel-'));
  try {
    writeFileSync(join(folder, 'samples.jsonl'), kept?.text ?? '');
    writeFileSync(join(folder, 'dataset.jsonl'), kept?.prompts ?? '');
    const table = await openTable(join(folder, 'samples.jsonl'));
    expect([...table.group.slice(0, 4)]).toEqual([0, 0, 1, 1]);
    const { columns, conversational, batches } = await columnsFor(table, { needs: ['solution'] });
    expect([columns['solution'], conversational, batches]).toEqual([[0, 1, 0, 1], true, [[0, 4]]]);
  } finally {
    rmSync(folder, { recursive: true });
  }
  expect(await own.ownSamples('nowhere', 4)).toBeNull();
});

test('frameworks that are not installed are stood in for while a %%reward cell runs, which is said', async () => {
  const own = start();
  await run(own, 'samples = [{"completion": "1"}]');
  const code = `%%reward
from swift.rewards import ORM, orms

class Right(ORM):
    def __call__(self, completions, **kwargs):
        return [float(c == "1") for c in completions]

orms["right"] = Right`;
  const { outcome, shown, err } = await run(own, code);
  expect(outcome).toEqual({ status: 'ok' });
  expect(err).toBe('swift is not installed here: what this cell takes from it is stood in for.\n');
  const read = readOutput(outputTypes.rewards, shown[0]?.[outputTypes.rewards]);
  expect(read.kind === 'rewards' && read.output.samples.rows[0]?.scores).toEqual([1]);
  expect((await run(own, 'import swift')).outcome).toMatchObject({ error: { name: 'ModuleNotFoundError' } });
});

test('a %%reward cell scores the rows of a run that the editor read, as the file would', async () => {
  const own = start();
  const code = readFileSync('examples/trl-count/rewards.py', 'utf8');
  const words = 'examples/trl-count/output';
  const given = await samplesFor(words, { words, code, folder: process.cwd(), most: 1000 });
  expect(given.batches.length).toBeGreaterThan(1);
  await own.samples(given);
  const { shown } = await run(own, `%%reward ${words}\n${code}`);
  const table = await openTable(words);
  const rows = Array.from({ length: given.columns['completion']?.length ?? 0 }, (_, row) => row);
  for (const bundle of shown) {
    const read = readOutput(outputTypes.rewards, bundle[outputTypes.rewards]);
    if (read.kind !== 'rewards') throw new Error(JSON.stringify(read));
    const { name } = read.output.reward;
    const column = table.scores.get(name) ?? unknownScores(0);
    const mean = rows.reduce((sum, row) => sum + Number(scoreAt(column, row)), 0) / rows.length;
    expect(read.output.samples.total).toBe(rows.length);
    expect(read.output.source?.path).toMatch(/^\/.*trl-count\/output$/);
    expect(read.output.samples.rows.map(({ origin }) => origin)).toEqual(
      read.output.samples.rows.map(({ row }) => row),
    );
    expect(read.output.samples.distributions[0]?.mean).toBeCloseTo(mean, 9);
    for (const { row, scores } of read.output.samples.rows) expect(scores[0]).toBe(scoreAt(column, row));
    expect(read.output.samples.groups?.total).toBe(rows.length / 8);
  }
  expect(shown).toHaveLength(2);
});
