import { mkdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { itemOf, openPaged } from '../../src/machine/data/paged';
import { dataPanelGuards, type DataPanel } from '../../src/wire/dataPanel';
import { serve, type Methods } from '../../src/wire/wire';
import { launch, stage, type Stage, type ThemeName } from './support/stage';

const FILE = resolve('examples/trl-vl-count/dataset.jsonl');

async function methods(): Promise<Methods<DataPanel>> {
  const paged = await openPaged(FILE);
  const sourceOf = (path: string): string => `data:image/png;base64,${readFileSync(path).toString('base64')}`;
  return {
    hello: () => ({ name: 'dataset.jsonl', form: paged.form?.name ?? null, rows: paged.rows }),
    page: async ({ from, count }) =>
      (await paged.records(from, from + count)).map((record, at) =>
        itemOf(from + at, record, paged.form, { file: FILE, sourceOf }),
      ),
  };
}

describe('the page of a data set', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(() => browser.close());

  async function open(theme: ThemeName): Promise<Stage> {
    const answers = await methods();
    return stage(browser, 'data', (port) => void serve<DataPanel>(port, dataPanelGuards, answers), theme);
  }

  it.each(['light', 'dark'] as const)('shows records with their pictures, %s', async (theme) => {
    const { page, wrongs, close } = await open(theme);
    await page.waitForSelector('article img');
    expect(await page.locator('header.data').innerText()).toMatch(/TRL prompt and columns[\s\S]*880 records/);
    expect(await page.locator('article').count()).toBe(20);
    await page.waitForFunction(() => (document.querySelector('article img') as HTMLImageElement).naturalWidth > 0);
    expect(await page.locator('dd.strong').first().innerText()).toBe('<answer> 4 </answer>');
    mkdirSync('.build/shots', { recursive: true });
    await page.screenshot({ path: `.build/shots/data-${theme}.png` });
    expect(wrongs).toEqual([]);
    await close();
  });

  it('pages through to the end and stays where it was', async () => {
    const { page, wrongs, close } = await open('dark');
    await page.getByTitle('Last records').first().click();
    await page.waitForFunction(() => document.querySelector('article h2')?.textContent === '860');
    expect(await page.locator('article').count()).toBe(20);
    await page.getByTitle('Records before').first().click();
    await page.waitForFunction(() => document.querySelector('article h2')?.textContent === '840');
    expect(wrongs).toEqual([]);
    await close();
  });
});
