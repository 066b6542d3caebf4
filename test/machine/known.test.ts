import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { KnownRuns } from '../../src/machine/runs/known';
import { readLog } from '../../src/machine/runs/logText';
import type { Runs } from '../../src/machine/runs/runs';
import { grownRun } from '../../src/wire/runPanel';
import { makeFarPlace, type FarPlace } from './farPlace';
import { until, wishOf } from './place';

const LOG = join(import.meta.dirname, '../recordings');

let all: FarPlace;
let runs: Runs;

beforeAll(async () => {
  all = await makeFarPlace({ here: { detach: 'setsid' }, far: { ssh: 'lens', detach: 'setsid' } });
  runs = all.place.runs({ sshConfig: all.sshd.config });
});

afterAll(() => {
  runs.dispose();
  all.remove();
});

describe.each(['here', 'far'])('a run on %s', (target) => {
  it('that failed: its curves, its state, and why', async () => {
    const { run } = await runs.launch(wishOf(`cat ${LOG}/crashed/stdout.log; exit 1`, { target, framework: 'trl' }));
    const failed = await until(runs, run.id, 'failed');
    const opening = await new KnownRuns(runs).open(failed).opening(1000);
    expect(opening.header).toMatchObject({
      state: 'failed',
      step: 29,
      steps: 90,
      target,
      can: ['resume', 'again', 'change', 'folder'],
    });
    expect(opening.curves.find(({ name }) => name === 'grad_norm')?.values.at(-1)).toBe('nan');
    expect(opening.notes?.[0]).toMatchObject({ kind: 'error', settings: ['learning_rate', 'max_grad_norm'] });
  });

  it('that is followed while it writes, and its log is read by offset', async () => {
    const line = (step: number): string => `echo "{'reward': 0.${step}, 'learning_rate': 1e-06, 'epoch': 0.${step}}"`;
    const go = join(mkdtempSync(join(tmpdir(), 'lens-go-')), 'go');
    const script = `${line(1)}; until [ -e ${go} ]; do sleep 0.1; done; ${line(2)}; sleep 1`;
    const { run } = await runs.launch(wishOf(script, { target, framework: 'trl' }));
    const known = new KnownRuns(runs);
    const open = known.open(run);
    const values = (
      opening: { curves: readonly { name: string; values: readonly unknown[] }[] } | undefined,
    ): unknown => opening?.curves.find(({ name }) => name === 'reward')?.values;
    let seen = await open.opening(100);
    const more = async (): Promise<unknown> => {
      const news = await open.news(100);
      if (news) seen = grownRun(seen, news);
      return values(seen);
    };
    await expect.poll(more, { timeout: 10_000 }).toEqual([0.1]);
    writeFileSync(go, '');
    await expect.poll(more, { timeout: 20_000 }).toEqual([0.1, 0.2]);
    await until(runs, run.id, 'succeeded');
    await expect.poll(async () => (await open.opening(100)).header.state, { timeout: 10_000 }).toBe('succeeded');
    const { text } = await readLog(known.disk(run), open.metrics.logs.at(-1) ?? '');
    expect(text.split('\n').filter((said) => said.includes('reward'))).toHaveLength(2);
  });
});

it('an output folder that a target knows is listed once', async () => {
  const root = mkdtempSync(join(tmpdir(), 'lens-root-'));
  try {
    cpSync(join(LOG, 'crashed'), join(root, 'output'), { recursive: true });
    const known = new KnownRuns(runs);
    const named = async (): Promise<string[]> =>
      (await known.look('here', [root])).runs
        .filter(({ run }) => run.folder.startsWith(root))
        .map(({ run }) => run.state);
    expect(await named()).toEqual(['failed']);
    await runs.adopt(join(root, 'output'));
    expect(await named()).toEqual(['failed']);
  } finally {
    rmSync(root, { recursive: true, force: true, maxRetries: 5 });
  }
});
