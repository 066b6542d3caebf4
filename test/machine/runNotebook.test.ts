import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { adoptedRun, glance } from '../../src/machine/runs/outputs';
import { executed, runNotebook } from '../../src/machine/runs/runNotebook';
import { openTable } from '../../src/machine/table/table';
import { outputTypes, readOutput } from '../../src/wire/notebook';
import { runnerOptions } from './pythons';

const folder = mkdtempSync(join(tmpdir(), 'grpo-notebook-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Written {
  readonly cells: readonly {
    readonly source: readonly string[];
    readonly outputs?: readonly { readonly data: Readonly<Record<string, unknown>> }[];
  }[];
}

test('the recorded run as a notebook: curves, best and worst of each third, rewards; it runs from top to bottom', async () => {
  const output = `${process.cwd()}/examples/trl-count/output`;
  const run = adoptedRun(output, await glance(output), Date.now());
  const path = `${process.cwd()}/examples/trl-count/rewards.py`;
  const rewards = { path, text: readFileSync(path, 'utf8') };
  const notes = [
    { kind: 'warning', title: '60 % of the groups gave no signal.', advice: 'Try harder prompts.' },
  ] as const;
  const wish = { run, table: await openTable(output), notes, rewards, samplesName: 'run.samples.jsonl' };
  const { notebook, samples = '' } = await runNotebook(wish, `${process.cwd()}/python`);
  expect(samples.trimEnd().split('\n')).toHaveLength(3 * 2 * 8);
  writeFileSync(join(folder, 'run.samples.jsonl'), samples);
  const written = JSON.parse(await executed(notebook, { ...runnerOptions('python3'), cwd: folder })) as Written;
  const shown = written.cells.flatMap(({ outputs = [] }) => outputs.flatMap(({ data }) => Object.keys(data)[0] ?? []));
  expect(shown).toEqual([
    outputTypes.run,
    ...[1, 2, 3].map(() => outputTypes.completions),
    ...[1, 2].map(() => outputTypes.rewards),
  ]);
  const titles: string[] = [];
  for (const { outputs = [] } of written.cells) {
    for (const { data } of outputs) {
      const [mime = '', content] = Object.entries(data)[0] ?? [];
      const read = readOutput(mime, content);
      expect(read).not.toMatchObject({ kind: 'unreadable' });
      if (read.kind !== 'completions') continue;
      titles.push(read.output.title);
      expect(read.output.samples.groups).toEqual({ total: 2, withoutSignal: 0 });
      const sums = read.output.samples.rows.map(({ scores }) => Number(scores[0]) + Number(scores[1]));
      expect([Math.min(...sums), Math.max(...sums)]).toEqual([0, 2]);
    }
  }
  const advice = written.cells.find(({ source }) => source[0] === '## Advice\n');
  expect(advice?.source.at(-1)).toBe('- **60 % of the groups gave no signal.** Try harder prompts.');
  expect(titles).toEqual(['Steps 1 to 74', 'Steps 75 to 147', 'Steps 148 to 220']);
  expect(JSON.stringify(written).length).toBeLessThan(1_000_000);
});

test('a run without completions is a notebook with its curves', async () => {
  const run = adoptedRun(folder, await glance(folder), Date.now());
  const { notebook, samples } = await runNotebook({ run, samplesName: 'x.jsonl' }, '/python');
  expect(samples).toBeUndefined();
  expect((JSON.parse(notebook) as Written).cells).toHaveLength(4);
});
