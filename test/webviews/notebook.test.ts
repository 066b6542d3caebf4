import { existsSync, mkdirSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { outputTypes, type RunOutput } from '../../src/wire/notebook';
import { outputLiveGuards, type OutputLive } from '../../src/wire/notebookLive';
import { serve, type Served } from '../../src/wire/wire';
import { LOOKS } from '../support/looks';
import { thorough } from '../support/thorough';
import { fromPython, notebookStage } from './support/notebookStage';
import { colourOf } from './support/theme';

const ROWS = `
rows = [{"prompt": f"Scene {i // 8}. How many items are there?", "completion": f"<think>I count {i % 5}.</think><answer> {i % 5} </answer>", "solution": f"<answer> {i // 8 % 5} </answer>", "step": 1 + i // 32} for i in range(SIZE)]
def accuracy(completions, solution, **kwargs):
    return [1.0 if s in c else None if "4" in c else 0.0 for c, s in zip(completions, solution)]
def brevity(completions, **kwargs):
    return [1 / (1 + sum(map(ord, c)) % 97) for c in completions]
`;

const HOSTILE = [
  '<script>window.hit = 1</script>',
  '<img src=x onerror="window.hit = 2">',
  '</div></article><iframe srcdoc="<script>parent.hit = 3</script>"></iframe>',
  '<style>* { display: none }</style><a href="javascript:window.hit = 4">x</a>',
];

describe('notebook renderer', () => {
  beforeAll(async () => {
    expect(existsSync('dist/webviews/notebook.js'), 'npm run build comes first').toBe(true);
    mkdirSync('.build/screenshots', { recursive: true });
  });

  it.each(LOOKS)('draws what Python wrote, several in one page: %s', async (theme) => {
    const { page, wrongs, draw } = await notebookStage({ theme });
    const shown = fromPython(
      ROWS.replace('SIZE', '64'),
      'show(rows, {"accuracy": accuracy([r["completion"] for r in rows], [r["solution"] for r in rows]), "brevity": brevity([r["completion"] for r in rows])}, group_size=8, title="Counting")',
    );
    const scored = fromPython(
      `${ROWS.replace('SIZE', '64')}
def strict(completions, **kwargs):
    return [1 / (int(c[15]) - 3) for c in completions]`,
      'score(strict, rows, group_size=8)',
    );
    const watched = fromPython('', 'watch("examples/trl-count/output")');
    await draw('a', outputTypes.completions, shown[outputTypes.completions]);
    await draw('b', outputTypes.rewards, scored[outputTypes.rewards]);
    await draw('c', outputTypes.run, watched[outputTypes.run]);
    const seed = 'examples/trl-count/rewards.py:accuracy_reward';
    const explained = fromPython(ROWS.replace('SIZE', '64'), `score("${seed}", rows, group_size=8)`);
    await draw('d', outputTypes.rewards, explained[outputTypes.rewards]);
    expect(await page.locator('#a h2').textContent()).toBe('Counting');
    expect(await page.locator('#a .spread').count()).toBe(2);
    const bars = await page
      .locator('#a .spread .bars')
      .first()
      .evaluate((all) => Array.from(all.children, (bar) => bar.clientHeight));
    expect(Math.max(...bars), 'a bar with its count and its label').toBeGreaterThan(30);
    expect(await page.locator('#a .sample').count()).toBe(16);
    await page.locator('#a button.more').click();
    expect(await page.locator('#a .sample').count()).toBe(48);
    expect(await page.locator('#b h2').textContent()).toBe('strict');
    expect(await page.locator('#d .whys summary').allTextContents()).toEqual([
      'Why 0? row 1, one of 51 with this score',
      'Why 1? row 0, one of 13 with this score',
    ]);
    await page.locator('#d .whys summary').first().click();
    expect(await page.locator('#d .whys [role=treeitem]').first().textContent()).toContain('found and found.group(1)');
    await page.waitForSelector('#c figure[aria-label="Reward"] svg .mark-line path');
    expect(await page.getAttribute('#c figure[aria-label="Reward"] svg .mark-line path', 'stroke')).toBe(
      colourOf(theme, 'charts-blue'),
    );
    expect(await page.locator('#c figure.chart').count()).toBe(4);
    await page.screenshot({ path: `.build/screenshots/notebook-${theme}.png`, fullPage: true });
    expect(wrongs).toEqual([]);
    await page.close();
  });

  it.runIf(thorough)('is drawn apart from the page: neither takes styles from it nor gives it any', async () => {
    const { page, draw } = await notebookStage();
    const shown = fromPython('', 'show(["one", "two"], [0, 1])');
    await draw('a', outputTypes.completions, shown[outputTypes.completions]);
    const sample = await page.$eval('#a .sample', (own) => getComputedStyle(own).borderTopWidth);
    expect(sample).toBe('1px');
    expect(await page.$eval('#a h2', (own) => parseFloat(getComputedStyle(own).fontSize))).toBeLessThan(30);
    const outside = await page.evaluate(() => document.head.querySelectorAll('style').length);
    expect(outside).toBe(1);
    await page.close();
  });

  it('hostile text in completions, prompts, names and errors does nothing', async () => {
    const { page, wrongs, draw } = await notebookStage();
    const texts = JSON.stringify(HOSTILE);
    const bundle = fromPython(
      `texts = ${texts}`,
      'show(texts, {t: [0.5, 1, 0, 1] for t in texts}, prompts=texts, title=texts[1])',
    );
    await draw('a', outputTypes.completions, bundle[outputTypes.completions]);
    await draw('b', outputTypes.run, {
      version: 1,
      taken: 0,
      header: { name: HOSTILE[1], state: 'running', folder: HOSTILE[0], target: HOSTILE[2], attempts: 0 },
      curves: [{ name: HOSTILE[1], original: HOSTILE[1], steps: [1, 2], values: [0, 1] }],
      problems: HOSTILE,
    });
    await page.waitForTimeout(200);
    expect(await page.evaluate(() => (window as unknown as { hit?: number }).hit)).toBeUndefined();
    expect(await page.locator('#a script, #a img, #a iframe, #a a, #b script, #b img, #b iframe').count()).toBe(0);
    expect(await page.locator('#a .sample .text').allTextContents()).toEqual(HOSTILE);
    const html = String(bundle['text/html']);
    expect(html).not.toMatch(/<script|<img|<iframe|<a /);
    expect(wrongs).toEqual([]);
    await page.close();
  });

  it('says what it cannot draw', async () => {
    const { page, wrongs, draw } = await notebookStage();
    const check = async (mime: string, data: unknown, expected: string): Promise<void> => {
      await draw('a', mime, data);
      expect(await page.locator('#a main').textContent()).toBe(expected);
    };
    await check(
      outputTypes.run,
      { version: 2, anything: true },
      'This output has version 2, and this GRPO Lens reads version 1. Update the extension to see it.',
    );
    await check(
      outputTypes.run,
      { version: 1, taken: 0, header: { name: 'x' } },
      'This output is damaged at "header.state": Invalid key: Expected "state" but received undefined. Run the cell again.',
    );
    await check(
      outputTypes.completions,
      [],
      'This output is damaged at "version": Invalid key: Expected "version" but received undefined. Run the cell again.',
    );
    expect(wrongs).toEqual([]);
    await page.close();
  });

  it.runIf(thorough)('forgets what is disposed, and draws an output anew in the same place', async () => {
    const { page, wrongs, draw, drop } = await notebookStage();
    const shown = fromPython('', 'show(["one", "two"], [0, 1])')[outputTypes.completions];
    await draw('a', outputTypes.completions, shown);
    await draw('b', outputTypes.completions, shown);
    await draw('b', outputTypes.run, fromPython('', 'watch("examples/trl-count/output")')[outputTypes.run]);
    await page.waitForSelector('#b figure svg .mark-line');
    expect(await page.locator('#b .sample').count()).toBe(0);
    await drop('b');
    expect(await page.locator('#b main').textContent()).toBe('');
    expect(await page.locator('#a .sample').count()).toBe(2);
    await drop();
    expect(await page.locator('#a .sample').count()).toBe(0);
    expect(wrongs).toEqual([]);
    await page.close();
  });

  it('follows a run and opens what it names while the extension answers', async () => {
    const output = fromPython('', 'watch("examples/trl-count/output")')[outputTypes.run] as RunOutput;
    const asked: unknown[] = [];
    let served: Served<OutputLive> | undefined;
    const { page, wrongs, draw } = await notebookStage({
      start: (port) => {
        served = serve<OutputLive>(port, outputLiveGuards, {
          reveal: (place) => (asked.push(place), null),
          revealCell: (place) => (asked.push(place), null),
          openRun: (run) => (asked.push(run), null),
          openCompletions: (run) => (asked.push(run), null),
          follow: ({ folder }) => {
            asked.push(folder);
            return { header: { ...output.header, step: 221 }, curves: output.curves, problems: [] };
          },
        });
      },
    });
    await draw('a', outputTypes.run, output);
    await expect.poll(() => page.locator('#a header').textContent()).toContain('step 221');
    const { folder } = output.header;
    served?.tell('grown', { folder, run: { header: { ...output.header, step: 222 }, curves: [], problems: [] } });
    await expect.poll(() => page.locator('#a header').textContent()).toContain('step 222');
    await page.getByText('Open run').click();
    const rewards = fromPython(
      'import importlib',
      'score("examples/trl-count/rewards.py:accuracy_reward", [{"completion": "x", "solution": "<answer> 7 </answer>"}])',
    );
    await draw('b', outputTypes.rewards, rewards[outputTypes.rewards]);
    await page.locator('#b header button').click();
    await page.locator('#b .whys summary').click();
    await page.locator('#b .whys .line').first().click();
    const samples = 'examples/swift-clevr/samples.jsonl';
    const shown = fromPython('', `show("${samples}")`);
    await draw('c', outputTypes.completions, shown[outputTypes.completions]);
    await page.locator('#c .sample button').nth(1).click();
    const scored = fromPython('', `score("examples/trl-vl-count/rewards.py:format_reward", "${samples}")`);
    await draw('d', outputTypes.rewards, scored[outputTypes.rewards]);
    await page.locator('#d .sample button').nth(2).click();
    await expect.poll(() => asked.length).toBe(6);
    const source = expect.stringMatching(/^\/.*swift-clevr\/samples\.jsonl$/) as string;
    expect(asked.slice(4)).toEqual([
      { folder: source, row: 1 },
      { folder: source, row: 2 },
    ]);
    expect(asked.slice(0, 2)).toEqual([folder, { folder }]);
    expect(asked[2]).toMatchObject({ path: expect.stringMatching(/rewards\.py$/) as string, line: 17 });
    expect(asked[3]).toMatchObject({ path: expect.stringMatching(/rewards\.py$/) as string, line: 23 });
    expect(wrongs).toEqual([]);
    await page.close();
  });

  it('of 10,000 completions the notebook keeps a stated part, and only a few groups are drawn at once', async () => {
    const { page, wrongs, draw } = await notebookStage();
    const code = ROWS.replace('SIZE', '10_000');
    const scores = 'brevity([r["completion"] for r in rows])';
    const bundle = fromPython(code, `show(rows, ${scores}, group_size=8)`);
    expect(JSON.stringify(bundle).length).toBeLessThan(200_000);
    await draw('a', outputTypes.completions, bundle[outputTypes.completions]);
    expect(await page.locator('#a main').textContent()).toContain('256 of 10,000, spread evenly over 1,250 groups');
    const whole = fromPython(code, `show(rows, ${scores}, group_size=8, limit=10_000)`);
    await draw('b', outputTypes.completions, whole[outputTypes.completions]);
    expect(await page.locator('#b .sample').count()).toBe(16);
    expect(wrongs).toEqual([]);
    await page.close();
  });
});
