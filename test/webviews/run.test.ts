import { existsSync, mkdirSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Browser } from 'playwright-core';
import { RunMetrics } from '../../src/machine/metrics';
import { adoptedRun } from '../../src/machine/outputs';
import { curveOf, headerOf } from '../../src/wire/opening';
import { runPanelGuards, type RunOpening, type RunPanel } from '../../src/wire/runPanel';
import { serve, type Served } from '../../src/wire/wire';
import { launch, stage, THEMES, type Stage, type ThemeName } from './support/stage';

async function opening(folder: string): Promise<RunOpening> {
  const metrics = new RunMetrics(folder);
  await metrics.refresh();
  const header = headerOf(adoptedRun(folder, metrics, Date.now()), metrics);
  return { header, curves: metrics.curves.all().map((series) => curveOf(series, 1000)), problems: metrics.problems };
}

interface Shown extends Stage {
  readonly served: () => Served<RunPanel>;
}

async function show(browser: Browser, run: RunOpening, theme?: ThemeName): Promise<Shown> {
  let served: Served<RunPanel> | undefined;
  const shown = await stage(
    browser,
    'run',
    (port) => {
      served = serve<RunPanel>(port, runPanelGuards, { hello: () => run, completions: () => null });
    },
    theme,
  );
  return {
    ...shown,
    served: () => {
      if (!served) throw new Error('the page has not spoken yet');
      return served;
    },
  };
}

describe('run panel', () => {
  let browser: Browser;
  beforeAll(async () => {
    expect(existsSync('dist/webviews/run.js'), 'npm run build comes first').toBe(true);
    mkdirSync('.build/screenshots', { recursive: true });
    browser = await launch();
  });
  afterAll(() => browser.close());

  it.each(['light', 'dark', 'contrast'] as const)('draws the recorded run: %s', async (theme) => {
    const { page, wrongs, close } = await show(browser, await opening('examples/trl-count/output'), theme);
    await page.waitForSelector('figure[aria-label="Reward"] svg .mark-line path');
    const points = await page.$eval(
      'figure[aria-label="Reward"] svg .mark-line path',
      (path) => path.getAttribute('d')?.split('L').length,
    );
    expect(points).toBe(220);
    expect(await page.textContent('header')).toContain('step 220 of 220');
    expect(await page.locator('figure.chart').count()).toBeGreaterThanOrEqual(10);
    await expect.poll(() => page.locator('figure.chart svg .mark-line path').count()).toBeGreaterThanOrEqual(12);
    const stroke = await page.getAttribute('figure[aria-label="Reward"] svg .mark-line path', 'stroke');
    expect(stroke).toBe(THEMES[theme]['charts-blue']);
    await page.screenshot({ path: `.build/screenshots/run-${theme}.png`, fullPage: true });
    expect(wrongs).toEqual([]);
    await close();
  });

  it('is drawn anew when the theme changes, and takes new data without compiling again', async () => {
    const run = await opening('examples/trl-count/output');
    const { page, wrongs, served, close } = await show(browser, run, 'dark');
    const line = 'figure[aria-label="Reward"] svg .mark-line path';
    await page.waitForSelector(line);
    const reward = run.curves.find(({ name }) => name === 'reward');
    const svg = await page.$('figure[aria-label="Reward"] svg');
    served().tell('grown', {
      ...run,
      curves: [
        {
          name: 'reward',
          original: 'reward',
          steps: [...(reward?.steps ?? []), 221],
          values: [...(reward?.values ?? []), 1],
        },
      ],
    });
    await expect.poll(() => page.$eval(line, (path) => path.getAttribute('d')?.split('L').length)).toBe(221);
    expect(await svg?.evaluate((old) => old.isConnected)).toBe(true);
    await page.evaluate((colours) => {
      for (const [name, value] of Object.entries(colours))
        document.documentElement.style.setProperty(`--vscode-${name}`, value);
      document.body.className = 'vscode-light';
    }, THEMES.light);
    await expect.poll(() => page.getAttribute(line, 'stroke')).toBe(THEMES.light['charts-blue']);
    expect(wrongs).toEqual([]);
    await close();
  });

  it('says what to expect of a run without metrics', async () => {
    const run = await opening('examples/trl-count/output');
    const { page, wrongs, close } = await show(browser, { ...run, curves: [] });
    await page.waitForSelector('text=No metrics yet');
    expect(wrongs).toEqual([]);
    await close();
  });
});
