import { readFileSync } from 'node:fs';
import { afterAll, afterEach, expect, test } from 'vitest';
import type { Traced, TraceRun } from '../../src/domain/rewards/trace';
import { Rewards, type Samples, type TraceJob } from '../../src/machine/rewards/rewards';
import { openTable } from '../../src/machine/table/table';
import { columnsFor } from '../../src/machine/table/samples';
import { pythons, runnerOptions } from './pythons';

let rewards: Rewards | undefined;
afterEach(() => rewards?.dispose());

/** For rewards that leave nothing behind, one process of each Python. */
const shared = new Map<string, Rewards>();
afterAll(() => shared.forEach((runner) => runner.dispose()));

function start(): Rewards {
  return (rewards = new Rewards(runnerOptions('python3')));
}

/** Ten samples `0` … `9` in batches of five, in groups of two. */
const ten: Samples = {
  id: 'ten',
  columns: { completion: [...'0123456789'], solution: [...'0123456789'] },
  batches: [
    [0, 5],
    [5, 10],
  ],
};
const groups = [0, 0, 1, 1, 2, 2, 3, 3, 4, 4];

async function traced(body: string, more: Partial<TraceJob> = {}, python = 'python3'): Promise<TraceRun> {
  const source = `def reward(completions, **kwargs):\n${body.replace(/^/gm, '    ')}\n`;
  const job = { source, path: '/made/up/rewards.py', reward: 'reward', samples: ten, timeout: 1, ...more };
  const runner = shared.get(python) ?? new Rewards(runnerOptions(python));
  shared.set(python, runner);
  return runner.trace(job);
}

test('the recorded run, traced: scores as recorded, and what the lines saw', async () => {
  const table = await openTable('examples/trl-count/output');
  const rows = Array.from({ length: 1024 }, (_, row) => row);
  const samples = { id: 'trl', ...(await columnsFor(table, { needs: ['solution'], rows })) };
  const path = `${process.cwd()}/examples/trl-count/rewards.py`;
  const told: { scores: readonly unknown[]; traced: Traced }[] = [];
  const run = await start().trace({
    ...{ source: readFileSync(path, 'utf8'), path, reward: 'accuracy_reward', samples, timeout: 5 },
    onTraced: (scores, traced) => told.push({ scores, traced }),
  });
  const recorded = (await table.completions(rows)).map(({ scores }) => scores['accuracy_reward']);
  expect(run.scores).toEqual(recorded);
  expect(run.check).toEqual({ kind: 'per-sample', differs: 0 });
  expect(run.contract).toEqual([]);
  const right = recorded.filter((score) => score === 1).length;
  expect(run.lines.find(({ line }) => line === 23)).toEqual({ line: 23, hit: 1024, mean: right / 1024 });
  expect(told).toHaveLength(1);
  expect(told[0]?.scores).toEqual(recorded);
  expect(told[0]?.traced.paths).toEqual(run.paths);
});

test.each(pythons())('what a score depends on is found by calling again (%s)', async (python) => {
  const check = async (body: string, kind: string, differs: number): Promise<void> => {
    const run = await traced(body, { groups }, python);
    expect([run.check.kind, run.check.differs], body).toEqual([kind, differs]);
  };
  await check('return [len(c) for c in completions]', 'per-sample', 0);
  await check('return [len(completions) for c in completions]', 'batch', 10);
  await check('return [float(c) - max(map(float, completions)) for c in completions]', 'batch', 8);
  await check('return [i for i, c in enumerate(completions)]', 'order', 8);
  await check('import random\nreturn [random.random() for c in completions]', 'non-deterministic', 10);
  await check('reward.n = getattr(reward, "n", 0) + 1\nreturn [reward.n for c in completions]', 'stateful', 10);
});

test('a reward that depends on its batch is followed and explained in a call of the whole batch', async () => {
  const source = `def reward(completions, **kwargs):
    most = max(map(float, completions))
    rewards = []
    for completion in completions:
        if float(completion) == most:
            rewards.append(1.0)
        else:
            rewards.append(0.0)
    return rewards
`;
  const job = { source, path: '/made/up/rewards.py', reward: 'reward', samples: ten, timeout: 5 };
  const run = await start().trace(job);
  expect(run.check).toMatchObject({ kind: 'batch', differs: 8, followed: true });
  expect(run.shared).toEqual([1, 2, 3, 9]);
  expect(run.lines.find(({ line }) => line === 8)?.hit).toBe(8);
  const alone = await rewards?.explain(job, 2);
  expect([alone?.score, alone?.together]).toEqual([1, undefined]);
  const whole = await rewards?.explain({ ...job, whole: true }, 7);
  expect([whole?.score, whole?.together]).toEqual([0, 5]);
  expect(whole?.events.find(({ kind, name }) => kind === 'store' && name === 'most')).toMatchObject({
    ...{ value: '9.0', shared: true },
  });
  expect(whole?.why).toMatchObject({
    line: 8,
    value: '0.0',
    because: [{ test: 'float(completion) == most', outcome: false }],
  });
});

test('lines, branches, paths and swallowed exceptions', async () => {
  const run = await traced(`out = []
for c in completions:
    try:
        out.append(1.0 / int(c))
    except ZeroDivisionError:
        pass
        out.append(0.0)
    if out[-1] > 0.3:
        continue
return out`);
  expect(run.lines.map(({ line, hit }) => [line, hit])).toEqual([
    [1, 10],
    [2, 10],
    [3, 10],
    [4, 10],
    [5, 10],
    [6, 1],
    [7, 1],
    [8, 1],
    [9, 10],
    [10, 3],
    [11, 10],
  ]);
  expect(run.branches.map(({ line, yes, no, meanNo }) => ({ line, yes, no, meanNo }))).toEqual([
    { line: 9, yes: 3, no: 7, meanNo: expect.closeTo((1 / 4 + 1 / 5 + 1 / 6 + 1 / 7 + 1 / 8 + 1 / 9) / 7) as number },
  ]);
  const swallowed = { line: 6, raisedAt: 5, type: 'ZeroDivisionError', count: 1, samples: [0], fatal: false };
  expect(run.swallowed).toMatchObject([swallowed]);
  expect(run.paths).toEqual([
    { samples: 1, decides: 8 },
    { samples: 3, decides: 5 },
    { samples: 6, decides: 5 },
  ]);
});

test('a trainer would stumble: said with its rule, before training', async () => {
  const check = async (body: string, ...rules: string[]): Promise<void> => {
    const run = await traced(body);
    expect(
      run.contract.map(({ rule, weight }) => `${weight} ${rule}`),
      body,
    ).toEqual(rules);
  };
  await check('return [1.0 for c in completions]');
  await check('return [1.0]', 'error wrong-length');
  await check('return [None if c == "3" else 1.0 for c in completions]', 'warning gives-none');
  await check('return [float("nan")] * len(completions)', 'warning gives-nan');
  await check('return [float("inf")] * len(completions)', 'error gives-infinity');
  await check('return [c for c in completions]', 'error wrong-type');
  await check('return [len(completions) for c in completions]', 'warning batch-reward');
});

test('a sample that ends Python costs its batch the score, and nobody else the trace', async () => {
  const run = await traced(`import os
if '7' in completions:
    os._exit(3)
return [1.0 for c in completions]`);
  expect(run.scores).toEqual([1, 1, 1, 1, 1, 'error', 'error', 'error', 'error', 'error']);
  expect(run.errors).toMatchObject([{ type: 'Died', samples: [7] }]);
  expect(run.path.map((path) => (path < 0 ? '-' : '+')).join('')).toBe('+++++++-+' + '+' + '');
  expect(run.lines.find(({ line }) => line === 5)?.hit).toBe(9);
});

test('an endless loop on one sample: its own error, with its line', async () => {
  const run = await traced(
    `for c in completions:
    while c == '7':
        pass
return [1.0 for c in completions]`,
    { timeout: 0.3 },
  );
  expect(run.scores).toEqual([1, 1, 1, 1, 1, 'error', 'error', 'error', 'error', 'error']);
  expect(run.errors).toMatchObject([{ type: expect.stringMatching(/Timeout|Died/) as string, samples: [7] }]);
  expect([3, 4]).toContain(run.errors[0]?.line);
});

test('edits arriving every 20 ms: only the last one is answered, and at once', async () => {
  const runner = start();
  const source = (value: number): string =>
    `def reward(completions, **kwargs):\n    return [${value}.0] * len(completions)\n`;
  const answers: (number | string)[] = [];
  const runs: Promise<void>[] = [];
  for (let edit = 0; edit < 100; edit++) {
    const job = { source: source(edit), path: '/made/up/rewards.py', reward: 'reward', samples: ten, timeout: 1 };
    const run = runner.trace(job).then(
      ({ scores }) => void answers.push(Number(scores[0])),
      (error: { code: string }) => void answers.push(error.code),
    );
    runs.push(run);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  await Promise.all(runs);
  const numbers = answers.filter((answer) => typeof answer === 'number');
  expect(numbers.at(-1)).toBe(99);
  expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
  expect(answers.filter((answer) => answer !== 'cancelled')).toEqual(numbers);
});

test('one sample explained, and compared with a better one', async () => {
  const source = readFileSync('test/recordings/rewards/spatial.py', 'utf8');
  const completion = ['So <answer>B. door</answer>', 'So <answer>B</answer>'];
  const solution = ['<answer>B</answer>', '<answer>B</answer>'];
  const samples: Samples = { id: 'two', columns: { completion, solution }, batches: [[0, 2]] };
  const job = { source, path: '/made/up/spatial.py', reward: 'spatial', samples, timeout: 5 };
  const runner = start();
  const explained = await runner.explain(job, 0);
  expect(explained.score).toBe(-1);
  expect(explained.why).toMatchObject({ line: 54, text: 'rewards.append(-1.0)', value: '-1.0' });
  expect(explained.why?.because[0]).toMatchObject({ line: 53, outcome: true });
  expect(explained.regexes.map(({ method, found }) => [method, found])).toEqual([
    ['search', false],
    ['findall', true],
    ['fullmatch', false],
  ]);
  const { tests, change } = await runner.compare(job, { row: 0, other: 1 });
  expect(tests).toMatchObject([{ line: 53, outcome: true, otherOutcome: false }]);
  expect(change).toMatchObject({ hunks: [{ at: 12, from: '. door', to: '' }], score: 1, whole: true });
});

test('a row of a data set, before and after the function that prepares it', async () => {
  const source = `def make(example):
    words = example['text'].split()
    return {**example, 'words': len(words)}
`;
  const request = { source, path: '/made/up/data.py', function: 'make', row: { text: 'a b c' }, timeout: 5 };
  const runner = start();
  expect((await runner.find(source, request.path)).rowFunctions).toEqual([{ name: 'make', line: 1 }]);
  const { after, events } = await runner.prepare(request);
  expect(after).toEqual({ text: 'a b c', words: 3 });
  expect(events.find(({ name }) => name === 'words')?.value).toBe("['a', 'b', 'c']");
  const failed = await runner.prepare({ ...request, row: {} });
  expect(failed.error).toEqual({ type: 'KeyError', message: "'text'", line: 2 });
});
