import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, expect, it } from 'vitest';
import { openTable } from '../../src/machine/table/table';
import { ROWS, show } from '../webviews/support/completions';

const folder = mkdtempSync(path.join(os.tmpdir(), 'grpo-vision-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('TRL trains a tiny vision model with our callback; the viewer shows each picture beside what was said of it', async () => {
  const python = process.env['GRPO_LENS_TEST_PYTHON'] ?? 'python3';
  const script = path.join(import.meta.dirname, 'trlVision.py');
  const { stdout } = await promisify(execFile)(python, [script, folder], { maxBuffer: 1 << 24 });
  const history = JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as { step: number }[];
  expect(history.map(({ step }) => step)).toEqual([1, 2, 3, 4]);
  for (const name of readdirSync(folder).filter((each) => each.endsWith('.png'))) rmSync(path.join(folder, name));
  const record = path.join(folder, 'record');
  const table = await openTable(record);
  const completions = await table.completions(Array.from({ length: table.rows }, (_, row) => row));
  expect(completions.map(({ step }) => step)).toEqual([1, 2, 3, 4].flatMap((step) => new Array<number>(4).fill(step)));
  const pictures = new Map<unknown, Set<string>>();
  for (const { columns } of completions) {
    const own = pictures.get(columns['solution']) ?? new Set<string>();
    pictures.set(columns['solution'], own.add(JSON.stringify(columns['images'])));
  }
  expect(pictures.size).toBe(4);
  const heights = [...pictures].map(([solution, names]) => {
    expect(names.size, 'one group saw one picture').toBe(1);
    const [name = ''] = JSON.parse([...names][0] ?? '') as string[];
    return [solution, readFileSync(path.join(record, name)).readUInt32BE(20)];
  });
  expect(Object.fromEntries(heights)).toEqual({ 0: 16, 1: 24, 2: 32, 3: 40 });
  const { page, wrongs, close } = await show(record);
  await page.locator(ROWS).first().click();
  const picture = page.locator('.pictures img').first();
  await picture.waitFor();
  const drawn = await picture.evaluate((img) => (img as HTMLImageElement).naturalHeight);
  expect(drawn).toBe(16 + 8 * Number(completions[0]?.columns['solution']));
  await page.screenshot({ path: '.build/screenshots/recorded-pictures.png' });
  expect(wrongs).toEqual([]);
  await close();
});
