import { existsSync, mkdirSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { configurationOf } from '../../src/machine/config/configuration';
import { Problem } from '../../src/domain/problem';
import { thisDisk } from '../../src/machine/disk';
import { findInLog, firstError, readLog } from '../../src/machine/runs/logText';
import { OpenedRun } from '../../src/machine/runs/openedRun';
import { adoptedLook } from '../../src/machine/runs/outputs';
import { runPanelGuards, type RunOpening, type RunPanel } from '../../src/wire/runPanel';
import { serve, type Methods, type Served } from '../../src/wire/wire';
import { LOOKS } from '../support/looks';
import { thorough } from '../support/thorough';
import { stage, type Stage } from './support/stage';
import { changeTheme, colourOf, type Theme } from './support/theme';

function opening(folder: string): Promise<RunOpening> {
  const run = new OpenedRun(adoptedLook(folder), [folder]);
  return run.opening(1000);
}

interface Kept {
  readonly kind: string;
  readonly data: string;
}

function methods(run: RunOpening, kept: Kept[]): Methods<RunPanel> {
  const log = `${run.header.folder}/stdout.log`;
  const keep = (asked: Kept): null => {
    kept.push(asked);
    return null;
  };
  return {
    hello: () => run,
    completions: ({ step }) => keep({ kind: 'completions', data: String(step) }),
    configuration: async () =>
      configurationOf(await adoptedLook(run.header.folder)({ step: 0, steps: undefined, changedAt: 0 }), thisDisk),
    log: ({ around }) => readLog(thisDisk, log, around ?? undefined),
    find: ({ text }) => findInLog(thisDisk, log, text),
    firstError: async () => (await firstError(thisDisk, log)) ?? null,
    open: ({ path, line }) => keep({ kind: 'open', data: `${path}:${line}` }),
    keep,
    act: ({ act }) => keep({ kind: act, data: '' }),
  };
}

interface Shown extends Stage {
  readonly kept: readonly Kept[];
  readonly served: () => Served<RunPanel>;
}

async function show(run: RunOpening, theme?: Theme, other: Partial<Methods<RunPanel>> = {}): Promise<Shown> {
  let served: Served<RunPanel> | undefined;
  const kept: Kept[] = [];
  const shown = await stage({
    bundle: 'run',
    theme,
    start: (port) => {
      served = serve<RunPanel>(port, runPanelGuards, { ...methods(run, kept), ...other });
    },
  });
  return {
    ...shown,
    kept,
    served: () => {
      if (!served) throw new Error('the page has not spoken yet');
      return served;
    },
  };
}

describe('run panel', () => {
  beforeAll(async () => {
    expect(existsSync('dist/webviews/run.js'), 'npm run build comes first').toBe(true);
    mkdirSync('.build/screenshots', { recursive: true });
  });

  it.each(LOOKS)('draws the recorded run: %s', async (theme) => {
    const { page, wrongs, close } = await show(await opening('examples/trl-count/output'), theme);
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
    expect(stroke).toBe(colourOf(theme, 'charts-blue'));
    const clipped = page.locator('figure[aria-label^=Clipped] svg .mark-line path');
    const strokes = (): Promise<unknown[]> =>
      clipped.evaluateAll((paths) => paths.map((path) => path.getAttribute('stroke')));
    const colours = ['blue', 'yellow', 'green'].map((colour) => colourOf(theme, `charts-${colour}`));
    await expect.poll(strokes).toEqual(colours);
    await page.screenshot({ path: `.build/screenshots/run-${theme}.png`, fullPage: true });
    expect(wrongs).toEqual([]);
    await close();
  });

  it('is drawn anew when the theme changes, and takes new data without compiling again', async () => {
    const run = await opening('examples/trl-count/output');
    const { page, wrongs, served, kept, close } = await show(run, 'dark');
    const line = 'figure[aria-label="Reward"] svg .mark-line path';
    await page.waitForSelector(line);
    const reward = run.curves.find(({ name }) => name === 'reward');
    const svg = await page.$('figure[aria-label="Reward"] svg');
    served().tell('grown', {
      ...run,
      header: { ...run.header, tracker: { tracker: 'wandb', url: 'https://wandb.ai/lab/grpo/runs/abc' } },
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
    await page.click('header >> text=Open in wandb');
    await expect.poll(() => kept.map(({ kind }) => kind)).toEqual(['tracker']);
    await changeTheme(page, 'light');
    await expect.poll(() => page.getAttribute(line, 'stroke')).toBe(colourOf('light', 'charts-blue'));
    expect(wrongs).toEqual([]);
    await close();
  });

  it('shows a crashed run honestly: a gap and a mark at the nan, its traceback to click', async () => {
    const { page, wrongs, kept, close } = await show(await opening('test/recordings/crashed'));
    const chart = 'figure[aria-label="Gradient norm"]';
    await page.waitForSelector(`${chart} svg .mark-line path`);
    expect(await page.locator(`${chart} svg .mark-text text`, { hasText: '×' }).count()).toBe(1);
    expect(await page.textContent(`${chart} .readout`)).toBe('nan');
    expect(await page.textContent('header .state')).toBe('failed');
    expect(await page.textContent('.note.error')).toContain('probabilities that are nan');
    expect(await page.textContent('.note.error code')).toBe('learning_rate');
    expect(await page.textContent('.note.warning')).toContain('The gradient norm is nan at step 29.');
    await page.screenshot({ path: '.build/screenshots/run-crashed.png', fullPage: true });
    await page.click('[role=tab] >> text=Log');
    await page.click('text=First error');
    await page.waitForSelector('.log .here >> text=Traceback');
    await page.screenshot({ path: '.build/screenshots/run-log.png' });
    await page.locator('.log a').first().click();
    await expect.poll(() => kept.map(({ kind }) => kind)).toEqual(['open']);
    await page.fill('vscode-text-field[placeholder=Find] input', 'DEVICE-side assert');
    await page.keyboard.press('Enter');
    await page.waitForSelector('.tools >> text=1 of');
    expect(wrongs).toEqual([]);
    await close();
  });

  it('says why the configuration and the log of a run cannot be read', async () => {
    const lost = (): never => {
      throw new Problem({ code: 'ssh', message: 'far does not answer.' });
    };
    const run = await opening('test/recordings/crashed');
    const { page, wrongs, close } = await show(run, 'dark', { configuration: lost, log: lost });
    for (const tab of ['Configuration', 'Log']) {
      await page.click(`[role=tab] >> text=${tab}`);
      await page.locator(`[role=tab][aria-selected=true] >> text=${tab}`).waitFor();
      await page.locator('.empty', { hasText: 'far does not answer.' }).waitFor();
    }
    expect(wrongs).toEqual([]);
    await close();
  });

  it.runIf(thorough)('marks where another attempt took over', async () => {
    const { page, wrongs, close } = await show(await opening('test/recordings/stopped-resumed'));
    await page.waitForSelector('figure[aria-label="Reward"] svg .mark-text >> text=attempt 2');
    expect(await page.textContent('header')).toContain('step 40 of 40');
    expect(wrongs).toEqual([]);
    await close();
  });

  it('smooths, takes any metric by name, hovers over all charts at once, and gives pictures away', async () => {
    const { page, wrongs, kept, close } = await show(await opening('examples/trl-count/output'));
    const chart = 'figure[aria-label="Reward"]';
    await page.waitForSelector(`${chart} svg .mark-line path`);
    await page.fill('vscode-text-field input', 'sampl');
    await page.waitForSelector('figure[aria-label="train_samples_per_second"] svg');
    await page.fill('vscode-text-field input', '');
    await page.locator('input[type=range]').fill('0.9');
    await expect.poll(() => page.locator(`${chart} svg .mark-line path`).count()).toBe(2);
    await page.hover(`${chart} svg`, { position: { x: 200, y: 60 } });
    const readout = (): Promise<string | null> => page.textContent(`${chart} .readout`);
    await expect.poll(readout).toMatch(/^step \d+: /);
    const said = await readout();
    const step = said?.split(':')[0] ?? '';
    await expect.poll(() => page.textContent('figure[aria-label="KL"] .readout')).toContain(step);
    await page.screenshot({ path: '.build/screenshots/run-hover.png' });
    await page.click('.tools vscode-dropdown');
    await page.click('vscode-option >> text=tokens');
    await page.waitForSelector(`${chart} svg .role-axis-label >> text=3M`);
    await page.click('[role=tab] >> text=Configuration');
    await page.waitForSelector('pre >> text="num_generations": 8');
    await page.click('[role=tab] >> text=Curves');
    await page.hover(chart);
    for (const kind of ['png', 'svg', 'copy']) await page.click(`${chart} .keeping >> text=${kind}`);
    await expect.poll(() => kept.length).toBe(3);
    expect(kept.find(({ kind }) => kind === 'svg')?.data).toContain('<svg');
    expect(
      Buffer.from(kept.find(({ kind }) => kind === 'png')?.data ?? '', 'base64')
        .subarray(1, 4)
        .toString(),
    ).toBe('PNG');
    expect(JSON.parse(kept.find(({ kind }) => kind === 'copy')?.data ?? '')).toMatchObject({
      data: { name: 'points' },
    });
    expect(wrongs).toEqual([]);
    await close();
  });

  it.runIf(thorough)(
    'says what to expect of a run without metrics: where its start is, beside where it usually is',
    async () => {
      const run = await opening('examples/trl-count/output');
      const { step: _, ...header } = run.header;
      const startup = [
        { phase: 'starting', began: 0, took: 4, usually: 5 },
        { phase: 'loading the weights', began: 4, took: 21, usually: 9 },
        { phase: 'starting the rollout engine', began: 25, usually: 60 },
      ] as const;
      const startedAt = Date.now() / 1000 - 40;
      const starting = { ...header, state: 'running', startup, startedAt, phase: startup[2].phase } as const;
      const { page, wrongs, close } = await show({ ...run, header: starting, curves: [], gpu: [] });
      await page.waitForSelector('text=No metrics yet');
      const phases = await page.locator('.phases li').allTextContents();
      expect(phases.slice(0, 2)).toEqual(['starting4 susually 5 s', 'loading the weights21 susually 9 s']);
      expect(phases[2]).toMatch(/^starting the rollout engine\d+ susually 60 s$/);
      await page.waitForSelector('.tail');
      await page.screenshot({ path: '.build/screenshots/run-starting.png', fullPage: true });
      expect(wrongs).toEqual([]);
      await close();
    },
  );

  it('is used by keyboard: arrows choose a tab, and the chosen one alone is in the order of tabs', async () => {
    const { page, wrongs, close } = await show(await opening('test/recordings/crashed'));
    await page.focus('[role=tab][aria-selected=true]');
    await page.keyboard.press('ArrowRight');
    await page.waitForSelector('.log .wrong');
    expect(await page.textContent('[role=tab]:focus')).toBe('Log');
    expect(await page.locator('[role=tab][tabindex="0"]').count()).toBe(1);
    expect(wrongs).toEqual([]);
    await close();
  });
});
