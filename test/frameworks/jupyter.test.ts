import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { adoptedRun, glance } from '../../src/machine/runs/outputs';
import { runNotebook } from '../../src/machine/runs/runNotebook';
import { openTable } from '../../src/machine/table/table';
import { outputTypes, readOutput } from '../../src/wire/notebook';
import { notebookStage } from '../webviews/support/notebookStage';
import { newPage } from '../webviews/support/browser';

interface Ran {
  readonly cells: readonly { readonly outputs?: readonly { readonly data?: Readonly<Record<string, unknown>> }[] }[];
}

const execute = (notebook: string, ...more: string[]): Ran => {
  const python = process.env['GRPO_LENS_TEST_PYTHON'] ?? 'python3';
  const printed = execFileSync(python, ['test/frameworks/jupyter.py', notebook, ...more], {
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  });
  return JSON.parse(printed) as Ran;
};

const folder = mkdtempSync(join(tmpdir(), 'grpo-jupyter-'));
beforeAll(async () => {
  expect(existsSync('dist/webviews/notebook.js'), 'npm run build comes first').toBe(true);
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
});

it('a real kernel runs the walkthrough; its outputs are of our form, and the renderer draws exactly these', async () => {
  const notebook = execute('examples/notebook/walkthrough.ipynb');
  const bundles = notebook.cells.flatMap(({ outputs = [] }) => outputs.flatMap(({ data }) => (data ? [data] : [])));
  const ours = Object.values(outputTypes);
  const drawn = bundles.flatMap((data) => Object.entries(data).filter(([mime]) => (ours as string[]).includes(mime)));
  expect(drawn.map(([mime]) => mime)).toEqual([
    outputTypes.completions,
    outputTypes.rewards,
    outputTypes.rewards,
    outputTypes.run,
  ]);
  const { page, wrongs, draw } = await notebookStage();
  for (const [at, [mime, data]] of drawn.entries()) {
    expect(readOutput(mime, data), mime).not.toMatchObject({ kind: 'unreadable' });
    await draw(`output-${at}`, mime, data);
    expect(await page.locator(`#output-${at} .problem`).count()).toBe(0);
  }
  expect(await page.locator('#output-0 .sample').count()).toBe(8);
  expect(await page.locator('#output-1 h2').textContent()).toBe('accuracy_reward');
  expect(await page.locator('#output-1 .group h3').first().textContent()).toContain('Group 0 · 4 completions');
  // Charts far from the screen are not drawn.
  await page.locator('#output-3').scrollIntoViewIfNeeded();
  await page.waitForSelector('#output-3 figure[aria-label="Reward"] svg .mark-line path');
  for (const data of bundles) expect(Object.keys(data)).toEqual(expect.arrayContaining(['text/html', 'text/plain']));
  expect(wrongs).toEqual([]);
  await page.close();
});

it('a run as a notebook runs from top to bottom in a real kernel, and exports to HTML without a script of ours', async () => {
  const output = resolve('examples/trl-count/output');
  const run = adoptedRun(output, await glance(output), Date.now());
  const path = resolve('examples/trl-count/rewards.py');
  const rewards = { path, text: readFileSync(path, 'utf8') };
  const wish = { run, table: await openTable(output), rewards, samplesName: 'run.samples.jsonl' };
  const { notebook, samples = '' } = await runNotebook(wish, resolve('python'));
  writeFileSync(join(folder, 'run.ipynb'), notebook);
  writeFileSync(join(folder, 'run.samples.jsonl'), samples);
  const { cells } = execute(join(folder, 'run.ipynb'), join(folder, 'run.html'));
  const drawn = cells.flatMap(({ outputs = [] }) => outputs.flatMap(({ data = {} }) => Object.keys(data)));
  const ours = (mime: string): number => drawn.filter((each) => each === mime).length;
  expect([ours(outputTypes.run), ours(outputTypes.completions), ours(outputTypes.rewards)]).toEqual([1, 3, 2]);
  const page = await newPage();
  await page.route(/^https?:/, (route) => route.abort());
  await page.goto(`file://${folder}/run.html`);
  const text = await page.locator('body').innerText();
  for (const said of ['Curves', 'Steps 1 to 74', 'accuracy_reward: ', 'format_reward'])
    expect(text).toContain(said.replace(': ', ''));
  await page.close();
});
