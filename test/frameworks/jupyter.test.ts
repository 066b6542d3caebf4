import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Browser } from 'playwright-core';
import { outputTypes, readOutput } from '../../src/wire/notebook';
import { notebookStage } from '../webviews/support/notebookStage';
import { launch } from '../webviews/support/stage';

interface Ran {
  readonly cells: readonly { readonly outputs?: readonly { readonly data?: Readonly<Record<string, unknown>> }[] }[];
}

let browser: Browser;
beforeAll(async () => {
  expect(existsSync('dist/webviews/notebook.js'), 'npm run build comes first').toBe(true);
  browser = await launch();
});
afterAll(() => browser.close());

it('a real kernel runs the walkthrough; its outputs are of our form, and the renderer draws exactly these', async () => {
  const python = process.env['GRPO_LENS_TEST_PYTHON'] ?? 'python3';
  const printed = execFileSync(python, ['test/frameworks/jupyter.py', 'examples/notebook/walkthrough.ipynb'], {
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  });
  const notebook = JSON.parse(printed) as Ran;
  const bundles = notebook.cells.flatMap(({ outputs = [] }) => outputs.flatMap(({ data }) => (data ? [data] : [])));
  const ours = Object.values(outputTypes);
  const drawn = bundles.flatMap((data) => Object.entries(data).filter(([mime]) => (ours as string[]).includes(mime)));
  expect(drawn.map(([mime]) => mime)).toEqual([
    outputTypes.completions,
    outputTypes.rewards,
    outputTypes.rewards,
    outputTypes.run,
  ]);
  const { page, wrongs, draw } = await notebookStage(browser);
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
