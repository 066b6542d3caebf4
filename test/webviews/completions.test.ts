import { existsSync, mkdirSync } from 'node:fs';
import { mkdir, readFile, rmdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { LOOKS } from '../support/looks';
import { thorough } from '../support/thorough';
import { ROWS, RUN, samples, show } from './support/completions';
import { newPage } from './support/browser';
import { SAVED } from './support/stage';

describe('completions page', () => {
  beforeAll(async () => {
    expect(existsSync('dist/webviews/completions.js'), 'npm run build comes first').toBe(true);
    mkdirSync('.build/screenshots', { recursive: true });
  });

  it.each(LOOKS)('shows rows, scores and the whole group: %s', async (theme) => {
    const { page, wrongs, close } = await show(RUN, theme);
    await page.waitForSelector('.about:has-text("3,520 groups")');
    expect(await page.textContent('.about')).toMatch(/28,160 completions.*3,520 groups of 8.*joined with/);
    expect(await page.locator('.list-head .cell').allTextContents()).toEqual(
      'row step group prompt completion accuracy_reward format_reward advantage length flags'.split(' '),
    );
    await expect
      .poll(() => page.locator(ROWS).first().textContent())
      .toMatch(/small cyan rubber cube.*Counting the items.*-0\.883/);
    await page.locator(ROWS).nth(2).click();
    await page.waitForSelector('.group .sample');
    expect(await page.locator('.group .sample').count()).toBe(8);
    expect(await page.textContent('.group-head')).toContain('Step 1 · group 0 · 8 completions');
    expect(await page.textContent('.sample.own .columns')).toContain('<answer> 9 </answer>');
    await page.screenshot({ path: `.build/screenshots/completions-${theme}.png` });
    expect(wrongs).toEqual([]);
    await close();
  });

  it('pages to the last row by keyboard, without empty rows standing', async () => {
    const { page, wrongs, close } = await show(RUN);
    await page.waitForSelector('.about:has-text("3,520 groups") .count:text-is("28,160 completions")');
    await page.waitForSelector(`${ROWS} .score`);
    await page.focus('.list');
    await page.keyboard.press('End');
    await page.waitForSelector(`${ROWS}[aria-rowindex="28160"] .score`);
    expect(await page.locator(`${ROWS} .waiting`).count()).toBe(0);
    expect(await page.locator(ROWS).count()).toBeLessThan(100);
    await page.waitForSelector('text=Step 220 · group 3519');
    await page.keyboard.press('PageUp');
    await page.keyboard.press('ArrowUp');
    expect(await page.locator('.list-row.selected').count()).toBe(1);
    expect(wrongs).toEqual([]);
    await close();
  });

  it('sets best against worst, word by word', async () => {
    const { page, wrongs, close } = await show(RUN);
    await page.locator(ROWS).first().click();
    await page.click('text=Best against worst');
    expect(await page.locator('.sample').count()).toBe(2);
    expect(await page.locator('ins').count()).toBeGreaterThan(0);
    expect(await page.locator('del').count()).toBeGreaterThan(0);
    await page.screenshot({ path: '.build/screenshots/completions-diff.png' });
    expect(wrongs).toEqual([]);
    await close();
  });

  it('filters and orders by the query line, with suggestions and errors at their character', async () => {
    const { page, wrongs, close } = await show(RUN);
    // While numbers are being read, rows that fit are not found yet: the count is right from here on.
    await page.waitForSelector('.about:has-text("3,520 groups")');
    const line = page.locator('.query vscode-text-field');
    await line.click();
    await page.keyboard.type('acc');
    await page.waitForSelector('.suggestions li');
    await page.screenshot({ path: '.build/screenshots/completions-suggest.png' });
    await page.keyboard.press('Enter');
    await expect.poll(() => line.evaluate((field) => (field as HTMLInputElement).value)).toBe('accuracy_reward=');
    await page.keyboard.type('0 step=220 ');
    await expect.poll(() => page.textContent('.about'), { timeout: 5000 }).toMatch(/^\D*[1-9]\d* of 28,160/);
    await page.waitForFunction(() => /^\D*\d+ of 28,160/.test(document.querySelector('.about')?.textContent ?? ''));
    const few = Number(/(\d+) of/.exec((await page.textContent('.about')) ?? '')?.[1]);
    expect(few).toBeGreaterThan(0);
    expect(few).toBeLessThan(128);
    await page.keyboard.press('Escape');
    await page.click('.list-head .cell:has-text("length")');
    await page.waitForSelector('[aria-sort=descending]');
    expect(await line.evaluate((field) => (field as HTMLInputElement).value)).toBe(
      'accuracy_reward=0 step=220 sort:-len',
    );
    await expect
      .poll(async () => {
        const lengths = (await page.locator(`${ROWS} .cell:nth-child(9)`).allTextContents()).map(Number);
        return lengths.length > 1 && lengths.every((length, at) => at === 0 || length <= (lengths[at - 1] ?? 0));
      })
      .toBe(true);
    await line.click();
    await page.keyboard.press('End');
    await page.keyboard.type(' foo=1 ');
    await page.waitForSelector('.findings mark');
    expect(await page.textContent('.findings mark')).toBe('foo');
    await page.screenshot({ path: '.build/screenshots/completions-query.png' });
    expect(wrongs).toEqual([]);
    await close();
  });

  it.runIf(thorough)('comes back where it was after it was thrown away', async () => {
    const { page, wrongs, close } = await show(RUN);
    await page.waitForSelector(`${ROWS} .score`);
    const saved = JSON.stringify({ query: 'step=3', selected: 1 });
    await page.evaluate(([key, text]) => sessionStorage.setItem(key, text), [SAVED, saved] as const);
    await page.reload();
    await page.waitForSelector('text=Step 3 · group 32');
    expect(wrongs).toEqual([]);
    await close();
  });

  it('draws curves over the steps, whose points filter, and leads through the steps of a prompt', async () => {
    const records = [1, 2, 3].flatMap((step) => [
      { step, prompt: 'the same', completion: `at ${step}`, r: step / 3 },
      { step, prompt: `other ${step}`, completion: 'x', r: 0 },
    ]);
    const { page, wrongs, close } = await show(await samples(records));
    await page.waitForSelector(`${ROWS} .score`);
    await page.click('text=Over the steps');
    await page.waitForSelector('.curves svg .mark-line path');
    const labels = await page.locator('.curves svg .role-axis-label text').allTextContents();
    expect(labels, 'there is no step between two steps').toEqual(expect.arrayContaining(['1', '2', '3']));
    expect(labels).not.toContain('1.5');
    await page.screenshot({ path: '.build/screenshots/completions-curves.png' });
    await page.click('text=Hide curves');
    await page.locator(ROWS).first().click();
    await page.click('text=Same prompt at other steps');
    await page.waitForSelector('.through input');
    await page.locator('.through input').fill('2');
    await page.waitForSelector('.sample.own:has-text("at 3")');
    expect(wrongs).toEqual([]);
    await close();
  });

  it('shows pictures that the record names, and says why it does not show others', async () => {
    const png = await readFile('examples/trl-vl-count/images/00000.png');
    const names = ['good.png', 'script.svg', '../outside.png', 'https://example.com/x.png', 'gone.png', 'huge.png'];
    const file = await samples([{ prompt: 'p', completion: 'c', r: 1, images: names }]);
    const huge = Buffer.from(png);
    huge.writeUInt32BE(20_000, 16);
    huge.writeUInt32BE(20_000, 20);
    await writeFile(join(dirname(file), 'good.png'), png);
    await writeFile(join(dirname(file), 'huge.png'), huge);
    await writeFile(join(dirname(file), 'script.svg'), '<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>');
    await writeFile(join(dirname(file), '../outside.png'), png);
    const { page, wrongs, close } = await show(file);
    await page.locator(ROWS).first().click();
    await page.waitForSelector('.pictures img');
    expect(
      await page
        .locator('.pictures img')
        .evaluateAll((all) => all.map((img) => (img as HTMLImageElement).naturalWidth > 0)),
    ).toEqual([true]);
    expect(await page.locator('.pictures .quiet').allTextContents()).toEqual([
      'script.svg is not shown: it is no PNG, JPEG, GIF, WebP, MP4 or WebM.',
      '../outside.png is not shown: it lies outside of the run and its data set.',
      'https://example.com/x.png is not shown: it is not a file here.',
      'gone.png is not shown: there is no such file.',
      'huge.png is not shown: it has 400 megapixels.',
    ]);
    await page.screenshot({ path: '.build/screenshots/completions-pictures.png' });
    expect(wrongs).toEqual([]);
    await close();
  });

  it.runIf(thorough)(
    'draws boxes of the record and of the completion over their picture, and a film as frames or as itself',
    async () => {
      const film = await recorded();
      const frames = Array.from({ length: 20 }, (_, at) => `${at}.png`);
      const file = await samples([
        {
          prompt: 'Where is it?',
          completion: '<answer>{"bbox_2d": [8, 8, 40, 40]}</answer>',
          r: 1,
          image: '0.png',
          video: 'film.webm',
          bbox: [16, 16, 60, 60],
        },
        { prompt: 'And then?', completion: 'c', r: 1, videos: [frames] },
      ]);
      const png = await readFile('examples/trl-vl-count/images/00000.png');
      for (const frame of frames) await writeFile(join(dirname(file), frame), png);
      await writeFile(join(dirname(file), 'film.webm'), film);
      const { page, wrongs, close } = await show(file);
      await page.locator(ROWS).first().click();
      await page.waitForFunction(() => (document.querySelector('video')?.videoWidth ?? 0) > 0);
      await page.waitForSelector('.picture rect.said');
      expect(await page.locator('.picture rect').count()).toBe(2);
      await page.click('[title="Larger"]');
      await page.screenshot({ path: '.build/screenshots/completions-boxes.png' });
      await page.locator(ROWS).nth(1).click();
      await page.waitForSelector('.pictures [alt="19.png"]');
      expect(
        await page.locator('.pictures img').evaluateAll((all) => all.map((img) => img.getAttribute('alt'))),
      ).toEqual([0, 3, 5, 8, 11, 14, 16, 19].map((at) => `${at}.png`));
      expect(wrongs).toEqual([]);
      await close();
    },
  );

  it.runIf(thorough)('labels, links, compares and exports', async () => {
    const file = await samples([1, 2].map((r) => ({ step: 1, prompt: 'p', completion: `c${r}`, group: 'g', r })));
    const { page, wrongs, close, asked } = await show(file);
    await page.locator(ROWS).first().click();
    const [kept, good] = [join(dirname(file), 'labels.jsonl'), page.locator('.sample.own button:has-text("good")')];
    await mkdir(kept);
    await good.click();
    await page.waitForSelector('.sample.own [role=alert] >> text=Labels cannot be kept');
    await rmdir(kept);
    await good.click();
    await page.locator('.sample.own:has(button[aria-pressed=true]) button:has-text("link")').click();
    await page.click('text=Best against worst');
    await page.click('text=Open in diff editor');
    await page.locator('.export vscode-dropdown').click();
    await page.locator('.export vscode-option:has-text("CSV")').click();
    await page.waitForSelector('text=3 rows written');
    expect(asked).toEqual([
      { what: 'link', row: 0 },
      { what: 'compare', left: 0, right: 1 },
      expect.objectContaining({ what: 'export', format: 'csv' }),
    ]);
    expect(JSON.parse(await readFile(kept, 'utf8'))).toMatchObject({ row: 0, label: 'good', completion: 'c1' });
    expect(wrongs).toEqual([]);
    await close();
  });

  it('shows hostile text as text', async () => {
    const hostile =
      '<img src=x onerror="window.broken=1"><script>window.broken=1</script>[a](javascript:window.broken=1)';
    const { page, wrongs, close } = await show(await samples([{ prompt: hostile, completion: hostile, r: 1 }]));
    await page.locator(ROWS).first().click();
    await page.waitForSelector('.sample .text');
    expect(await page.textContent('.sample .text')).toBe(hostile);
    expect(await page.locator('.group img, .group script, .group a').count()).toBe(0);
    expect(await page.evaluate(() => 'broken' in window)).toBe(false);
    expect(wrongs).toEqual([]);
    await close();
  });

  it('shows rows of a running run as they come, without losing place', async () => {
    const file = await samples([{ step: 1, completion: 'first', r: 1 }]);
    const { page, wrongs, close } = await show(file);
    await page.locator(ROWS).first().click();
    await page.waitForSelector('.sample.own');
    await writeFile(file, `${JSON.stringify({ step: 2, completion: 'second', r: 0 })}\n`, { flag: 'a' });
    await page.waitForSelector(`${ROWS}[aria-rowindex="2"] .score`);
    expect(await page.textContent('.about')).toContain('2 completions');
    expect(await page.locator(`${ROWS}.selected`).getAttribute('aria-rowindex')).toBe('1');
    expect(wrongs).toEqual([]);
    await close();
  });

  it('says what is wrong and what is unknown', async () => {
    const file = await samples([
      { completion: 'a', r: null },
      { completion: 'b', r: 0.123456 },
    ]);
    await writeFile(file, '{"half a line\n', { flag: 'a' });
    const { page, wrongs, close } = await show(file);
    await page.waitForSelector('.about:has-text("could not be read")');
    expect(await page.textContent('.about')).toMatch(
      /groups unknown.*1 place could not be read.*line 3: This line is no JSON object/,
    );
    await expect
      .poll(() => page.locator(`${ROWS} .score`).allTextContents())
      .toEqual(expect.arrayContaining(['none', '0.1235']));
    expect(wrongs).toEqual([]);
    await close();
  });
});

/** A film of a few frames, as Chromium itself records a canvas. */
async function recorded(): Promise<Buffer> {
  const page = await newPage();
  const text = await page.evaluate(async () => {
    const canvas = document.createElement('canvas');
    const draw = canvas.getContext('2d');
    const recorder = new MediaRecorder(canvas.captureStream(20), { mimeType: 'video/webm' });
    const pieces: Blob[] = [];
    recorder.ondataavailable = ({ data }) => pieces.push(data);
    const ended = new Promise((resolve) => (recorder.onstop = resolve));
    recorder.start();
    for (let at = 0; at < 8; at++) {
      if (draw) [draw.fillStyle, draw.globalAlpha] = [`hsl(${at * 40} 80% 50%)`, 1];
      draw?.fillRect(0, 0, canvas.width, canvas.height);
      await new Promise((resolve) => setTimeout(resolve, 40));
    }
    recorder.stop();
    await ended;
    const bytes = new Uint8Array(await new Blob(pieces).arrayBuffer());
    return btoa(String.fromCharCode(...bytes));
  });
  await page.close();
  return Buffer.from(text, 'base64');
}
