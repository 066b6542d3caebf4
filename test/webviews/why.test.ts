import { mkdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { Problem } from '../../src/domain/problem';
import type { Cause, RegexCall } from '../../src/domain/rewards/explained';
import { betterFrom, betterSample, whySample } from '../../src/editor/rewards/whySample';
import { whyFlips } from '../../src/editor/rewards/whyFlips';
import { whyPressure, type Pressed } from '../../src/editor/rewards/whyPressure';
import { usesOf } from '../../src/machine/rewards/rewardUses';
import { Rewards } from '../../src/machine/rewards/rewards';
import { firstRows, prepare, recordedScores } from '../../src/machine/rewards/samples';
import { openTable } from '../../src/machine/table/table';
import { whyPanelGuards, type WhyPanel, type WhySample, type WhyShown } from '../../src/wire/whyPanel';
import { serve, type Methods, type Served } from '../../src/wire/wire';
import { LOOKS } from '../support/looks';
import { stage, type Stage } from './support/stage';
import type { Theme } from './support/theme';

const FILE = resolve('examples/trl-count/rewards.py');
/** An edit that half of the right answers lose by. */
const EDITED = readFileSync(FILE, 'utf8').replace('1.0 if found and', '0.25 if found and');

interface Known {
  readonly pressed: Pressed;
  readonly sample: WhySample;
}

/** The recorded run, scored and explained by Python as the editor does it. */
async function known(): Promise<Known> {
  const rewards = new Rewards({ python: 'python3', home: resolve('python') });
  try {
    const table = await openTable('examples/trl-count/output');
    const rows = firstRows(table, 256);
    const found = await rewards.find(EDITED, FILE);
    const shown = [];
    for (const reward of found.rewards) {
      const prepared = await prepare(table, reward.needs, rows);
      const job = { source: EDITED, path: FILE, reward: reward.name, samples: prepared.samples, timeout: 10 };
      const before = { name: 'the record', scores: recordedScores(table, reward, rows) ?? [] };
      shown.push({ reward, prepared, trace: await rewards.trace(job), before });
    }
    const [accuracy, ...others] = shown;
    if (!accuracy) throw new Error('the example has no reward');
    const [use] = await usesOf(FILE);
    const pressed = { shown: accuracy, others, table, ...(use ? { use } : {}) };
    const at = accuracy.trace.scores.findIndex(
      (score, sample) => score === 0 && betterSample(accuracy, table, sample) >= 0,
    );
    const job = {
      ...{ source: EDITED, path: FILE, reward: accuracy.reward.name, samples: accuracy.prepared.samples },
      timeout: 10,
    };
    const sample = whySample(accuracy, table, at, await rewards.explain(job, at));
    const other = betterSample(accuracy, table, at);
    if (!sample) throw new Error('the sample has no score');
    const better = betterFrom(await rewards.compare(job, { row: at, other }));
    return { pressed, sample: { ...sample, better } };
  } finally {
    rewards.dispose();
  }
}

describe('the why panel', () => {
  let data: Known;
  beforeAll(async () => {
    data = await known();
  });

  interface Open extends Stage {
    readonly asked: unknown[];
    tell(shown: WhyShown): void;
  }

  const shownOf = (more: Partial<WhyShown> = {}): WhyShown => ({
    ...{ file: FILE, name: 'rewards.py', reward: 'accuracy_reward', tab: 'why', empty: 'No sample is looked at.' },
    sample: data.sample,
    ...more,
  });

  async function open(shown: WhyShown, theme: Theme = 'dark', other: Partial<Methods<WhyPanel>> = {}): Promise<Open> {
    const asked: unknown[] = [];
    const keep = (name: string, args: object): null => {
      asked.push([name, args]);
      return null;
    };
    const methods: Methods<WhyPanel> = {
      hello: () => shown,
      open: (args) => keep('open', args),
      look: (args) => keep('look', args),
      pressure: (args) => whyPressure(data.pressed, { ...args, sample: data.sample.sample, from: 'trl-count/output' }),
      writeWeights: (args) => {
        keep('writeWeights', args);
        return 'Weights written.';
      },
      toNotebook: (args) => keep('toNotebook', args),
      flips: () => whyFlips(data.pressed),
      accept: (args) => {
        keep('accept', args);
        return 'Written.';
      },
      ...other,
    };
    let served: Served<WhyPanel> | undefined;
    const opened = await stage({
      bundle: 'why',
      theme,
      start: (port) => (served = serve(port, whyPanelGuards, methods)),
    });
    return { ...opened, asked, tell: (next) => served?.tell('shown', next) };
  }

  async function picture({ page }: Stage, name: string): Promise<void> {
    mkdirSync('.build/shots', { recursive: true });
    await page.screenshot({ path: `.build/shots/${name}.png`, fullPage: true });
  }

  it.each(LOOKS)('shows the cause of a recorded score, each line a way into the code, %s', async (theme) => {
    const opened = await open(shownOf(), theme);
    const { page, asked, wrongs, close } = opened;
    const tree = page.locator('.tree');
    await tree.waitFor();
    expect(await tree.innerText()).toMatch(/accuracy_reward:\d+/);
    await tree.locator('.line').first().click();
    const opens = ['open', { file: data.sample.why?.file ?? '', line: data.sample.why?.line }];
    await expect.poll(() => asked).toEqual([opens]);
    expect(await page.locator('.completion').innerText()).toContain(data.sample.completion.slice(0, 20).trim());
    expect(await page.locator('.completion mark').count()).toBeGreaterThan(0);
    expect(await page.getByLabel('Better sample').innerText()).toMatch(
      /got 0\.25[\s\S]*(Smallest change found|No change)/i,
    );
    expect(await page.getByLabel('Arguments').innerText()).toContain('solution');
    await picture(opened, `why-${theme}`);
    expect(wrongs).toEqual([]);
    await close();
  });

  it('tells a test that was False from one that was never evaluated', async () => {
    const base = { function: 'f', because: [], from: [], missed: [] };
    const missed = { line: 3, text: 'score = 1', test: 'float(x) > 0', testLine: 2 };
    const caught = { type: 'ValueError', message: 'no number', raisedAt: 2, line: 4 };
    const why: Cause = {
      ...{ ...base, line: 6, text: 'return score', value: '0' },
      missed: [
        { ...missed, outcome: false },
        { ...missed, outcome: null, caught },
      ],
    };
    const { page, wrongs, close } = await open(shownOf({ sample: { ...data.sample, why } }));
    await page.waitForSelector('.missed');
    expect(await page.locator('.missed').allInnerTexts()).toEqual([
      expect.stringMatching(/because line 2 float\(x\) > 0 was False$/),
      expect.stringMatching(/was never evaluated: line 2 raised ValueError: no number, swallowed at line 4$/),
    ]);
    expect(wrongs).toEqual([]);
    await close();
  });

  it('hostile text is text', async () => {
    const hostile = '<img src=x onerror="document.title=1"><script>document.title=2</script>\u202e</answer>';
    const regex: RegexCall = {
      ...{ line: 1, col: 0, endLine: 1, endCol: 1, file: hostile, pattern: hostile, flags: [], method: 'search' },
      ...{
        text: hostile,
        inCompletion: 0,
        found: true,
        spans: [
          [0, 5],
          [-1, -1],
        ],
      },
      stop: { matched: hostile, at: 1e9, reason: hostile },
    };
    const why: Cause = { line: 1, function: hostile, text: hostile, value: hostile, because: [], from: [], missed: [] };
    const sample = {
      ...data.sample,
      completion: hostile,
      regexes: [regex],
      why,
      arguments: [[hostile, hostile] as const],
    };
    const { page, wrongs, close } = await open(shownOf({ sample, name: hostile, reward: hostile }));
    await page.waitForSelector('.tree');
    expect(await page.title()).toBe('');
    expect(await page.locator('main img, main script').count()).toBe(0);
    expect(await page.locator('.completion').textContent()).toContain(hostile);
    expect(wrongs).toEqual([]);
    await close();
  });

  it('says what to do where no sample is looked at', async () => {
    const { page, tell, wrongs, close } = await open(shownOf({ file: '', sample: null }));
    await page.getByText('No sample is looked at.').waitFor();
    tell(shownOf());
    await page.waitForSelector('.tree');
    expect(wrongs).toEqual([]);
    await close();
  });

  it.each(LOOKS)('weights recompute totals, advantages and signal at once, %s', async (theme) => {
    const opened = await open(shownOf({ tab: 'pressure' }), theme);
    const { page, wrongs, close } = opened;
    await page.getByText('Update pressure on these recorded samples').waitFor();
    const signal = page.locator('dl.signal dd').first();
    const [before, table] = [await signal.innerText(), await page.locator('table.own').innerText()];
    expect(before).toMatch(/^\d+% \(\d+ of 32\)/);
    await picture(opened, `pressure-${theme}`);
    // Both before any answer can come.
    await page.evaluate(() => {
      for (const slider of Array.from(document.querySelectorAll<HTMLInputElement>('input[type=range]'))) {
        slider.value = '0';
        slider.dispatchEvent(new Event('input', { bubbles: true }));
      }
    });
    await page.waitForFunction(() => document.querySelector('dl.signal dd')?.textContent?.startsWith('100%'));
    expect(await page.locator('table.own').innerText()).not.toBe(table);
    await page.getByText('Write to train_grpo.py').click();
    await page.getByText('Weights written.').waitFor();
    expect(opened.asked).toEqual([['writeWeights', { weights: [0, 0] }]]);
    await picture(opened, `weights-${theme}`);
    await page.getByText('as in train_grpo.py').click();
    await page.getByText('Weights as in train_grpo.py').waitFor();
    // The words change at once, the numbers with the answer.
    await signal.filter({ hasText: before }).waitFor();
    expect(wrongs).toEqual([]);
    await close();
  });

  it('forgets that flips could not be told once they can be', async () => {
    let scored = false;
    const flips = (): ReturnType<typeof whyFlips> => {
      if (scored) return whyFlips(data.pressed);
      throw new Problem({ code: 'missing', message: 'Nothing is scored yet.' });
    };
    const { page, tell, wrongs, close } = await open(shownOf({ tab: 'flips' }), 'dark', { flips });
    await page.getByText('Nothing is scored yet.').waitFor();
    scored = true;
    tell(shownOf({ tab: 'flips' }));
    await page.waitForSelector('table.flips');
    expect(await page.getByText('Nothing is scored yet.').count()).toBe(0);
    expect(wrongs).toEqual([]);
    await close();
  });

  it.each(LOOKS)('lists flips by the change of advantage, and accepts them, %s', async (theme) => {
    const opened = await open(shownOf({ tab: 'flips' }), theme);
    const { page, asked, wrongs, close } = opened;
    const { flips } = whyFlips(data.pressed);
    await page.waitForSelector('table.flips');
    expect(await page.locator('table.flips tbody tr').count()).toBe(flips.length);
    expect(await page.locator('table.flips tbody tr').first().innerText()).toMatch(/1 → 0\.25/);
    const shifts = flips.map(({ shift }) => Math.abs(shift ?? NaN));
    expect(shifts).toEqual([...shifts].sort((a, b) => b - a));
    await page.getByText('Accept as Expectations').click();
    await page.getByText('Written.').waitFor();
    expect(asked).toEqual([['accept', { samples: flips.map(({ sample }) => sample) }]]);
    await picture(opened, `flips-${theme}`);
    expect(wrongs).toEqual([]);
    await close();
  });
});
