import { mkdirSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Problem } from '../../src/domain/problem';
import { check } from '../../src/machine/data/check';
import { itemOf, openPaged, sourcesBeside } from '../../src/machine/data/paged';
import { reportOf, seenItem } from '../../src/machine/data/reported';
import { viewerOf } from '../../src/machine/data/seeing';
import { dataPanelGuards, type DataOpening, type DataPanel } from '../../src/wire/dataPanel';
import { serve, type Methods } from '../../src/wire/wire';
import { LOOKS } from '../support/looks';
import { tinyModel } from '../support/tinyModel';
import { thorough } from '../support/thorough';
import { stage, type Stage } from './support/stage';
import type { Theme } from './support/theme';

const FILE = resolve('examples/trl-vl-count/dataset.jsonl');

async function methods(): Promise<Methods<DataPanel>> {
  const paged = await openPaged(FILE);
  const model = tinyModel(mkdtempSync(join(tmpdir(), 'model-')));
  const viewer = await viewerOf(FILE, paged.form, { model, limit: 60 });
  const sources = sourcesBeside(FILE, (path) => `data:image/png;base64,${readFileSync(path).toString('base64')}`);
  let [seen, checked] = [false, false];
  const opening = async (): Promise<DataOpening> => ({
    name: 'dataset.jsonl',
    form: paged.form?.name ?? null,
    rows: paged.rows,
    model: seen ? 'a tiny model' : null,
    report: checked ? reportOf(await check(FILE, { viewer })) : null,
  });
  return {
    hello: opening,
    look: ({ through }) => {
      seen = through === 'model';
      return opening();
    },
    check: () => {
      checked = true;
      return opening();
    },
    page: async ({ from, count }) =>
      Promise.all(
        (await paged.records(from, from + count)).map(async (record, at) => {
          const item = itemOf(from + at, record, paged.form, sources);
          const read = paged.form?.read(record);
          return seen && typeof read === 'object' ? { ...item, seen: seenItem(await viewer.see(read)) } : item;
        }),
      ),
  };
}

describe('the page of a data set', () => {
  async function open(theme: Theme, other: Partial<Methods<DataPanel>> = {}): Promise<Stage> {
    const answers = { ...(await methods()), ...other };
    return stage({ bundle: 'data', theme, start: (port) => void serve<DataPanel>(port, dataPanelGuards, answers) });
  }

  it.each(LOOKS)('shows records as a table with their pictures, %s', async (theme) => {
    const { page, wrongs, close } = await open(theme);
    await page.waitForSelector('table.records img');
    expect(await page.locator('header.data').innerText()).toMatch(/TRL prompt and columns[\s\S]*880 records/);
    expect(await page.locator('table.records tbody tr').count()).toBe(20);
    await page.waitForFunction(
      () => (document.querySelector('table.records img') as HTMLImageElement).naturalWidth > 0,
    );
    expect(await page.locator('td.strong').first().innerText()).toBe('<answer> 4 </answer>');
    mkdirSync('.build/shots', { recursive: true });
    await page.screenshot({ path: `.build/shots/data-${theme}.png` });
    await page.getByTitle('The whole record').nth(1).click();
    expect(await page.locator('tr.opened dd.strong').innerText()).toMatch(/<answer>/);
    expect(wrongs).toEqual([]);
    await close();
  });

  it('says why a model cannot be looked through, and nothing where the user thought better of a check', async () => {
    const { page, wrongs, close } = await open('dark', {
      look: () => {
        throw new Problem({ code: 'missing', message: '/models/none has no tokenizer.' });
      },
      check: () => {
        throw new Problem({ code: 'cancelled', message: 'Cancelled.' });
      },
    });
    await page.getByText('What the model sees…').click();
    await page.getByRole('alert').filter({ hasText: '/models/none has no tokenizer.' }).waitFor();
    expect(await page.locator('table.records tbody tr').count()).toBe(20);
    await page.getByText('Check…').click();
    await page.getByRole('alert').waitFor({ state: 'detached' });
    expect(wrongs).toEqual([]);
    await close();
  });

  it('says that a set is empty, and pages through nothing', async () => {
    const none = { name: 'none.jsonl', form: null, rows: 0, model: null, report: null };
    const { page, wrongs, close } = await open('dark', { hello: () => none, page: () => [] });
    await page.getByText('There are no records here.').waitFor();
    expect(await page.locator('header.data').innerText()).toContain('0 records');
    expect(await page.locator('nav').count()).toBe(0);
    expect(wrongs).toEqual([]);
    await close();
  });

  it.runIf(thorough)('pages through to the end and stays where it was', async () => {
    const { page, wrongs, close } = await open('dark');
    await page.getByRole('tab', { name: 'records' }).click();
    await page.getByTitle('Last records').first().click();
    await page.waitForFunction(() => document.querySelector('article h2')?.textContent === 'record 860');
    expect(await page.locator('article').count()).toBe(20);
    await page.getByTitle('Records before').first().click();
    await page.waitForFunction(() => document.querySelector('article h2')?.textContent === 'record 840');
    expect(wrongs).toEqual([]);
    await close();
  });

  it.each(LOOKS)('shows what the model sees, and the report, %s', async (theme) => {
    const { page, wrongs, close } = await open(theme);
    await page.getByText('What the model sees…').click();
    const seen = page.locator('section.seen').first();
    await seen.waitFor();
    expect(await seen.innerText()).toMatch(/\d+ tokens.*image .*140 × 140 → 140 × 140, 25 tokens/s);
    expect(await seen.locator('.medium').innerText()).toBe('<|image_pad|> × 25');
    await page.screenshot({ path: `.build/shots/data-seen-${theme}.png` });
    await page.getByText('Check…').click();
    await page.locator('section.report svg').first().waitFor();
    expect(await page.locator('section.report').innerText()).toMatch(
      /prompt lengths in tokens[\s\S]*880 of 880 over the limit/,
    );
    await page.screenshot({ path: `.build/shots/data-report-${theme}.png` });
    expect(wrongs).toEqual([]);
    await close();
  });
});
