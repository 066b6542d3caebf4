import { appendFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Following } from '../../src/editor/runs/following';
import type { Guard } from '../../src/editor/guard';
import { OpenedRun } from '../../src/machine/runs/openedRun';
import { adoptedLook } from '../../src/machine/runs/outputs';
import { grownRun, type RunOpening } from '../../src/wire/runPanel';

const guard = { quietly: (_what: string, run: () => unknown) => run } as unknown as Guard;
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const line = (step: number): string => `{'reward': 0.${step}, 'learning_rate': 1e-06, 'epoch': 0.${step}}\n`;

describe('following a run', () => {
  let folder: string;
  let log: string;
  let following: Following;
  let told: RunOpening[];
  /** What a page has made of all that it was told. */
  let shown: RunOpening | undefined;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'grpo-following-'));
    log = join(folder, 'stdout.log');
    await writeFile(log, line(1));
    told = [];
    const hear = (news: RunOpening): void => {
      told.push(news);
      shown = grownRun(shown, news);
    };
    following = new Following(new OpenedRun(adoptedLook(folder), [folder]), hear, guard);
    shown = grownRun(undefined, await following.start(100));
  });

  afterEach(async () => {
    following.dispose();
    await rm(folder, { recursive: true });
  });

  it('tells what grew, and only the curves that changed', async () => {
    await appendFile(log, "{'train_runtime': 5.0, 'epoch': 0.2}\n");
    await expect.poll(() => told.length, { timeout: 5000 }).toBe(1);
    expect(told[0]?.curves.map(({ name }) => name).sort()).toEqual(['epoch', 'train_runtime']);
  });

  it('tells at most four times a second, however often the log grows', async () => {
    const start = performance.now();
    for (let step = 2; performance.now() - start < 2000; step++) {
      await appendFile(log, line(step));
      await pause(10);
    }
    const quarters = (performance.now() - start) / 250;
    expect(told.length).toBeGreaterThan(0);
    expect(told.length).toBeLessThanOrEqual(quarters);
  });

  it('tells nothing to a page that nobody sees, and all of it when it is seen again', async () => {
    following.visible = false;
    await appendFile(log, line(2));
    await pause(700);
    expect(told).toEqual([]);
    following.visible = true;
    await expect
      .poll(() => shown?.curves.find(({ name }) => name === 'reward')?.values, { timeout: 5000 })
      .toEqual([0.1, 0.2]);
  });

  it('a page that begins anew while something new is being read is told all of it, and no line is lost', async () => {
    const run = new OpenedRun(adoptedLook(folder), [folder]);
    await run.opening(100);
    await appendFile(log, line(2));
    const [, again] = await Promise.all([run.news(100), run.opening(100)]);
    const reward = (seen: RunOpening | undefined): unknown =>
      seen?.curves.find(({ name }) => name === 'reward')?.values;
    expect(reward(again)).toEqual([0.1, 0.2]);
    await appendFile(log, line(3));
    expect(reward(grownRun(again, (await run.news(100)) ?? again))).toEqual([0.1, 0.2, 0.3]);
  });

  it('a log that was begun anew is read anew', async () => {
    await writeFile(log, "{'reward': 0.7, 'epoch': 0}\n");
    await expect
      .poll(() => shown?.curves.find(({ name }) => name === 'reward')?.values, { timeout: 5000 })
      .toEqual([0.7]);
  });
});
