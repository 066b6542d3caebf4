import { existsSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import { Rewards, type Samples } from '../../src/machine/rewards/rewards';
import { running, runnerOptions } from './pythons';

let rewards: Rewards | undefined;
afterEach(() => rewards?.dispose());

const two: Samples = { id: 'two', columns: { completion: ['a', 'b'], solution: ['a', 'b'] }, batches: [[0, 2]] };

function start(): Rewards {
  return (rewards = new Rewards(runnerOptions('python3')));
}

function job(source: string, timeout = 5, path = '/made/up/rewards.py') {
  return { source, path, reward: 'reward', samples: two, timeout };
}

const good = 'def reward(completions, **kwargs):\n    return [1.0 for c in completions]\n';

test('50 processes that a reward starts and leaves do not outlive its run', async () => {
  const source = `import subprocess
def reward(completions, **kwargs):
    for _ in range(50): subprocess.Popen(['sleep', '62.25'])
    return [1.0 for c in completions]
`;
  const { scores } = await start().score(job(source, 20));
  expect(scores).toEqual([1, 1]);
  expect(running('sleep\x0062.25')).toEqual([]);
});

test('a Python that is ended while it starts is no interpreter that does not run', async () => {
  const own = start();
  const asked = own.score(job(good));
  await setImmediate();
  own.restart();
  await expect(asked).rejects.toMatchObject({ code: 'cancelled' });
});

test('more memory than there is: an error of that batch, and Python lives on', async () => {
  const source = `def reward(completions, **kwargs):
    return [float(len('x' * (1 << 46))) for c in completions]
`;
  const { scores, errors } = await start().score(job(source));
  expect(scores).toEqual(['error', 'error']);
  expect(errors[0]).toMatchObject({ type: 'MemoryError', line: 2 });
  expect((await (rewards as Rewards).score(job(good))).scores).toEqual([1, 1]);
});

test('builtins, paths, folder and streams that a reward changes are as before for the next one', async () => {
  const source = `import builtins, os, sys, json, time
def reward(completions, **kwargs):
    builtins.len = lambda x: 0
    builtins.open = builtins.print = None
    json.dumps = json.loads = None
    time.sleep = time.monotonic = None
    os.chdir('/')
    os.write = None
    sys.path.clear()
    sys.stdout = sys.stderr = sys.stdin = None
    return [1.0 for c in completions]
`;
  const told = await start().trace(job(source));
  expect(told.scores).toEqual([1, 1]);
  const next = 'import os\ndef reward(completions, **kwargs):\n    return [float(len(c)) for c in completions]\n';
  expect((await (rewards as Rewards).score(job(next))).scores).toEqual([1, 1]);
});

test('a file that deletes itself, and its helper, is scored as it was', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'grpo-lens-test-'));
  const path = join(folder, 'rewards.py');
  const source = `import os, helper
def reward(completions, **kwargs):
    if os.path.exists(__file__): os.remove(__file__)
    return [helper.one() for c in completions]
`;
  writeFileSync(path, source);
  writeFileSync(join(folder, 'helper.py'), 'def one():\n    return 1.0\n');
  const run = await start().trace(job(source, 5, path));
  expect(run.scores).toEqual([1, 1]);
  expect(existsSync(path)).toBe(false);
  expect((await (rewards as Rewards).explain(job(source, 5, path), 0)).score).toBe(1);
});

test('a file that never loads, or ends Python while it does, says so and hurts nobody', async () => {
  const check = async (first: string, code: string, message: RegExp): Promise<void> => {
    const answer = start().score(job(`${first}\n${good}`));
    await expect(answer, first).rejects.toMatchObject({ code, message: expect.stringMatching(message) as string });
    expect((await (rewards as Rewards).score(job(good))).scores, first).toEqual([1, 1]);
    rewards?.dispose();
  };
  await check('import os; os._exit(4)', 'import-failed', /the reward ended Python with exit code 4/);
  await check('raise KeyboardInterrupt', 'import-failed', /line 1/);
  await check('import not_there_at_all as n\nfor x in n.f(): pass', 'import-failed', /not_there_at_all/);
});

test('a verifier that is missing withholds the score, however the reward hides it', async () => {
  const check = async (body: string, approximate: boolean, scores: unknown[]): Promise<string | undefined> => {
    const told = await start().score({ ...job(body), approximate });
    expect(told.scores, body).toEqual(scores);
    rewards?.dispose();
    return told.withheld;
  };
  const hidden = `def reward(completions, **kwargs):
    try:
        from math_verify import parse
    except Exception:
        pass
    return [1.0 for c in completions]
`;
  const why = 'math_verify is missing here and line 3 hides it; training would give other numbers.';
  expect(await check(hidden, false, ['withheld', 'withheld'])).toBe(why);
  expect(await check(hidden, true, [1, 1])).toBe(undefined);
  const swallowed = `import torch_that_is_not_here as t
def reward(completions, **kwargs):
    out = []
    for c in completions:
        try:
            out.append(float(t.tensor(1.0)))
        except:
            out.append(0.0)
    return out
`;
  expect(await check(swallowed, true, ['withheld', 'withheld'])).toMatch(/torch_that_is_not_here/);
});

test('a hostile reward that is killed leaves nothing: no process, no folder', async () => {
  const source = `import subprocess, time
def reward(completions, **kwargs):
    subprocess.Popen(['sleep', '63.125'], start_new_session=False)
    while True:
        try: time.sleep(1)
        except: pass
`;
  const runner = start();
  const open = runner.score(job(source, 30)).catch((error: { code: string }) => error.code);
  await new Promise((resolve) => setTimeout(resolve, 1000));
  const next = await runner.score(job(good));
  expect([await open, next.scores]).toEqual(['cancelled', [1, 1]]);
  runner.dispose();
  await expect.poll(() => running('sleep\x0063.125'), { timeout: 5000 }).toEqual([]);
});
