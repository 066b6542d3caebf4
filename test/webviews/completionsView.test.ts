import { existsSync, mkdirSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { thorough } from '../support/thorough';
import { ROWS, RUN, samples, show } from './support/completions';

describe('what the completions page offers', () => {
  beforeAll(async () => {
    expect(existsSync('dist/webviews/completions.js'), 'npm run build comes first').toBe(true);
    mkdirSync('.build/screenshots', { recursive: true });
  });

  it('lets columns be hidden, widened and ordered without a mouse, and keeps it', async () => {
    const { page, wrongs, close, asked } = await show(RUN);
    await page.waitForSelector('.about:has-text("3,520 groups")');
    const cell = page.locator('.list-head .cell', { hasText: 'accuracy_reward' });
    const width = async (): Promise<number> => (await cell.boundingBox())?.width ?? 0;
    const before = await width();
    await cell.focus();
    await page.keyboard.press('Alt+ArrowRight');
    await expect.poll(width).toBeCloseTo(before + 16, 0);
    const edge = cell.locator('.edge');
    await edge.hover();
    const box = await edge.boundingBox();
    if (!box) throw new Error('no edge');
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    await page.mouse.down();
    await page.mouse.move(x + 40, y, { steps: 4 });
    await page.mouse.up();
    await expect.poll(width).toBeCloseTo(before + 56, -1);
    await page.locator('.list-head .cell', { hasText: 'group' }).focus();
    await page.keyboard.press('Delete');
    await expect.poll(() => page.locator('.list-head .cell', { hasText: 'group' }).count()).toBe(0);
    await page.locator('.list-head .cell', { hasText: 'advantage' }).focus();
    await page.keyboard.press('Enter');
    await page.waitForSelector('[aria-sort=descending]:has-text("advantage")');
    await expect.poll(() => asked.at(-1)).toMatchObject({ what: 'keep', layout: { hidden: ['group'] } });
    await page.reload();
    await page.waitForSelector(`${ROWS} .score`);
    await expect.poll(() => page.locator('.list-head .cell', { hasText: 'group' }).count()).toBe(0);
    await page.click('summary:has-text("Columns (1 hidden)")');
    await page.screenshot({ path: '.build/screenshots/completions-columns.png' });
    await page.click('text=As they were');
    await expect.poll(() => page.locator('.list-head .cell', { hasText: 'group' }).count()).toBe(1);
    expect(wrongs).toEqual([]);
    await close();
  });

  it('changes nothing of what is kept before it was told what that is', async () => {
    const queries = [{ name: 'mine', query: 'step=3' }];
    const file = await samples([{ prompt: 'p', completion: 'c', r: 1 }]);
    const { page, wrongs, close, asked } = await show(file, undefined, { queries, late: 500 });
    await page.locator('.list-head .cell', { hasText: 'completion' }).focus();
    await page.keyboard.press('Alt+ArrowRight');
    await expect.poll(() => asked.at(-1)).toMatchObject({ what: 'keep', queries });
    expect(wrongs).toEqual([]);
    await close();
  });

  it.runIf(thorough)('keeps queries by their names', async () => {
    const { page, wrongs, close, asked } = await show(RUN);
    await page.waitForSelector('.about:has-text("3,520 groups")');
    await page.locator('.query vscode-text-field').click();
    await page.keyboard.type('step=3 ');
    await page.waitForSelector('.count:has-text("128 of 28,160")');
    await page.keyboard.press('Escape');
    await page.click('summary:has-text("Queries")');
    await page.locator('.menu[open] vscode-text-field').click();
    await page.keyboard.type('third step');
    await page.click('.menu[open] button:has-text("Save")');
    await expect.poll(() => asked.at(-1)).toMatchObject({ queries: [{ name: 'third step', query: 'step=3 ' }] });
    await page.locator('.query vscode-text-field').click();
    await page.keyboard.press('Control+a');
    await page.keyboard.press('Delete');
    await page.waitForSelector('.count:text-is("28,160 completions")');
    await page.click('summary:has-text("Queries")');
    await page.click('.menu[open] button:has-text("third step")');
    await page.waitForSelector('.count:has-text("128 of 28,160")');
    expect(wrongs).toEqual([]);
    await close();
  });

  it('draws Markdown and maths without loading or executing anything, and marks tags and patterns', async () => {
    const text = [
      '<think>so **bold** and $\\frac{a}{b}$<|im_end|></think>',
      '# Head\n- one\n- `two`\n\n| a | b |\n|-|-|\n| 1 | 2 |\n\n$$\\sum_i x_i^2$$',
      '![x](https://example.com/x.png) [l](javascript:alert(1)) <b onclick="x()">raw</b>',
      '<answer>3</answer>',
    ].join('\n');
    const { page, wrongs, close } = await show(await samples([{ prompt: 'p', completion: text, r: 1 }]));
    await page.locator(ROWS).first().click();
    await page.waitForSelector('.sample .tag');
    await expect.poll(() => page.locator('.sample .match').allTextContents()).toEqual(['<answer>']);
    expect(await page.textContent('.sample .text')).not.toContain('<|im_end|>');
    await page.keyboard.press('s');
    await page.waitForSelector('.sample .text:has-text("<|im_end|>")');
    await page.keyboard.press('m');
    await page.waitForSelector('.sample .markdown math mfrac');
    expect(await page.locator('.sample .markdown strong').textContent()).toBe('bold');
    expect(await page.locator('.sample .markdown table td').allTextContents()).toEqual(['a', 'b', '1', '2']);
    expect(await page.locator('.sample .markdown li').count()).toBe(2);
    expect(await page.locator('.sample a, .sample img, .sample b').count()).toBe(0);
    await page.screenshot({ path: '.build/screenshots/completions-markdown.png' });
    await page.keyboard.press('r');
    await page.waitForSelector('.sample pre.text:has-text("<|im_end|>")');
    expect(await page.locator('.sample pre.text').textContent()).toBe(text);
    await page.keyboard.press('?');
    await page.waitForSelector('.keymap:has-text("Markdown and maths")');
    await page.screenshot({ path: '.build/screenshots/completions-keys.png' });
    await page.keyboard.press('Escape');
    await expect.poll(() => page.locator('.keymap').count()).toBe(0);
    expect(wrongs).toEqual([]);
    await close();
  });

  it.runIf(thorough)('draws how rows are spread; a brush filters the table', async () => {
    const { page, wrongs, close } = await show(RUN);
    await page.waitForSelector('.about:has-text("3,520 groups")');
    await page.click('vscode-button:has-text("Spread")');
    await page.waitForFunction(() => document.querySelectorAll('.spread .mark-rect path').length > 50);
    await page.waitForFunction(() => document.querySelectorAll('.spread .mark-symbol path').length > 500);
    await page.screenshot({ path: '.build/screenshots/completions-spread.png' });
    const plot = await page
      .locator('.spread figure[aria-label="accuracy_reward by step"] svg .background')
      .first()
      .boundingBox();
    if (!plot) throw new Error('no plot');
    await page.mouse.move(plot.x + plot.width * 0.5, plot.y + plot.height * 0.05);
    await page.mouse.down();
    await page.mouse.move(plot.x + plot.width * 0.75, plot.y + plot.height * 0.95, { steps: 5 });
    await page.mouse.up();
    await page.waitForFunction(() => /^\D*[\d,]+ of 28,160/.test(document.querySelector('.about')?.textContent ?? ''));
    const query = await page.locator('.query vscode-text-field').evaluate((field) => (field as HTMLInputElement).value);
    expect(query).toMatch(/^step>=11\d(\.\d)? step<=16\d(\.\d)? accuracy_reward>=\S+ accuracy_reward<=\S+$/);
    expect(wrongs).toEqual([]);
    await close();
  });

  it('asks once what unknown columns mean', async () => {
    const file = await samples([1, 2].map((n) => ({ round: n, ask: 'q', said: `s${n}`, points: n / 2, seed: 7 })));
    const { page, wrongs, close } = await show(file);
    await page.waitForSelector('.mapping');
    const choose = async (label: string, column: string): Promise<void> => {
      await page.locator(`.mapping vscode-dropdown[title^="${label}"]`).click();
      await page.locator(`.mapping vscode-dropdown[title^="${label}"] vscode-option:text-is("${column}")`).click();
    };
    await choose('Completion', 'said');
    await choose('Prompt', 'ask');
    await choose('Step', 'round');
    await page.locator('.mapping vscode-checkbox:has-text("seed")').click();
    await page.screenshot({ path: '.build/screenshots/completions-mapping.png' });
    await page.click('.mapping vscode-button');
    await page.waitForSelector(`${ROWS}[aria-rowindex="2"] .score`);
    await expect
      .poll(() => page.locator('.list-head .cell').allTextContents())
      .toEqual('row step prompt completion points advantage length flags'.split(' '));
    expect(await page.locator(ROWS).first().textContent()).toContain('s1');
    expect(wrongs).toEqual([]);
    await close();
  });

  it('hands a sample on by keys', async () => {
    const { page, close, asked } = await show(await samples([{ prompt: 'p', completion: 'c', r: 1 }]));
    await page.locator(ROWS).first().click();
    await page.waitForSelector('.sample.own');
    for (const key of ['w', 't', 'c', 'y']) await page.keyboard.press(key);
    await expect.poll(() => asked).toEqual(['why', 'testCase', 'against', 'link'].map((what) => ({ what, row: 0 })));
    await close();
  });
});
