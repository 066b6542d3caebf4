import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { Rewards, type Samples } from '../../src/machine/rewards/rewards';

const samples: Samples = { id: 'ten', columns: { completion: [...'0123456789'] }, batches: [[0, 10]] };

/** Processes that this one started and that still run. */
function children(): string[] {
  return readdirSync('/proc/self/task').flatMap((task) => {
    const ids = readFileSync(`/proc/self/task/${task}/children`, 'utf8').trim();
    return ids === '' ? [] : ids.split(' ');
  });
}

test('an edit every 20 ms for 10 s: no stale answer, the last one comes, no process is left', async () => {
  const before = children();
  const runner = new Rewards({ python: process.env['GRPO_LENS_TEST_PYTHON'] ?? 'python3', home: 'python' });
  const drawn: number[] = [];
  const stale: number[] = [];
  let newest = -1;
  const open: Promise<void>[] = [];
  const until = performance.now() + 10_000;
  while (performance.now() < until) {
    const edit = ++newest;
    const slow = edit % 7 === 0 ? '    import time; time.sleep(0.03)\n' : '';
    const source = `def reward(completions, **kwargs):\n${slow}    return [${edit}.0] * len(completions)\n`;
    const job = { source, path: '/made/up/rewards.py', reward: 'reward', samples, timeout: 1 };
    const run = runner.trace(job).then(
      ({ scores }) => {
        drawn.push(edit);
        if (scores[0] !== edit || edit !== newest) stale.push(edit);
      },
      (error: { code: string }) => void expect(error.code).toBe('cancelled'),
    );
    open.push(run);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  await Promise.all(open);
  expect(drawn.at(-1)).toBe(newest);
  expect(stale).toEqual([]);
  runner.dispose();
  await expect.poll(children, { timeout: 5000 }).toEqual(before);
});
