import { existsSync, readFileSync } from 'node:fs';
import { afterEach, expect, test } from 'vitest';
import { scoreAt, unknownScores } from '../../src/domain/rollouts/columns';
import { Rewards, type Samples } from '../../src/machine/rewards/rewards';
import { columnsFor } from '../../src/machine/table/samples';
import { openTable } from '../../src/machine/table/table';
import { thorough } from '../support/thorough';
import { pythons, running, runnerOptions } from './pythons';

let rewards: Rewards | undefined;
afterEach(() => rewards?.dispose());

function start(python = 'python3'): Rewards {
  return (rewards = new Rewards(runnerOptions(python)));
}

function job(source: string, reward: string, samples: Samples, timeout = 2) {
  return { source, path: `${import.meta.dirname}/made_up.py`, reward, samples, timeout };
}

function made(size: number, batch = size): Samples {
  const texts = Array.from({ length: size }, (_, at) => String(at));
  const batches = Array.from({ length: Math.ceil(size / batch) }, (_, at) => {
    return [at * batch, Math.min(size, (at + 1) * batch)] as const;
  });
  return { id: `made-${size}-${batch}`, columns: { prompt: texts, completion: texts, solution: texts }, batches };
}

// `grpo score` shows it too, and waits for the same.
test.runIf(thorough)('every recorded score of the TRL run comes out again', async () => {
  const table = await openTable('examples/trl-count/output');
  const samples = { id: 'trl-count', ...(await columnsFor(table, { needs: ['solution'] })) };
  const path = `${process.cwd()}/examples/trl-count/rewards.py`;
  const source = readFileSync(path, 'utf8');
  let equal = 0;
  for (const reward of ['accuracy_reward', 'format_reward']) {
    const { scores, errors } = await start().score({ source, path, reward, samples, timeout: 10 });
    const recorded = table.scores.get(reward) ?? unknownScores(0);
    expect(errors).toEqual([]);
    expect(scores).toHaveLength(28_160);
    equal += scores.filter((score, at) => score === scoreAt(recorded, samples.rows[at] ?? -1)).length;
    rewards?.dispose();
  }
  expect(equal).toBe(2 * 28_160);
});

test('every recorded score of the vision run comes out again, by its log of which picture was which', async () => {
  const table = await openTable('examples/trl-vl-count/output');
  const read = (name: string): Record<string, unknown>[] => lines(`examples/trl-vl-count/${name}`);
  const solutions = new Map(read('dataset.jsonl').map(({ picture, solution }) => [picture, solution]));
  const pictures = read('truth.jsonl').flatMap((step) => step['pictures'] as number[]);
  const rows = await table.completions(Array.from({ length: table.rows }, (_, row) => row));
  const samples: Samples = {
    id: 'trl-vl-count',
    columns: { completion: rows.map(({ text }) => text), solution: pictures.map((picture) => solutions.get(picture)) },
    batches: table.batches,
    conversational: true,
  };
  const path = `${process.cwd()}/examples/trl-vl-count/rewards.py`;
  const source = readFileSync(path, 'utf8');
  const { scores } = await start().score({ source, path, reward: 'external_r1v_acc', samples, timeout: 10 });
  const equal = scores.filter((score, row) => score === rows[row]?.scores['external_r1v_acc']);
  expect(equal).toHaveLength(7_040);
});

test.each(pythons())('what a reward returns becomes a number or an honest word (%s)', async (python) => {
  const own = start(python);
  const check = async (body: string, expected: unknown[], error?: string): Promise<void> => {
    const source = `def reward(completions, **kwargs):\n    ${body}\n`;
    const { scores, errors } = await own.score(job(source, 'reward', made(3)));
    expect(scores, body).toEqual(expected);
    expect(errors[0] === undefined ? undefined : `${errors[0].type}: ${errors[0].message}`, body).toBe(error);
  };
  const errors = ['error', 'error', 'error'];
  await check('return [1, True, 0.5]', [1, 1, 0.5]);
  await check("return [None, float('nan'), float('inf')]", ['none', 'nan', Infinity]);
  await check('return (1.0 for _ in completions)', [1, 1, 1]);
  await check('return [1.0]', errors, 'Contract: it returned 1 rewards for 3 completions');
  await check('return 1.0', errors, 'Contract: it returned a float instead of a list of 3 rewards');
  await check("return ['1', '2', '3']", errors, 'Contract: a reward is a str, not a number');
  await check('return None', errors, 'Contract: it returned None instead of a list of 3 rewards');
  await check('return [1 / (int(c) - 1) for c in completions]', errors, 'ZeroDivisionError: division by zero');
  await check("import sys; sys.exit('no')", errors, 'SystemExit: no');
  await check('return [float(input()) for c in completions]', errors, 'EOFError: EOF when reading a line');
});

test('a batch that raised says which of its samples did', async () => {
  const source = 'def reward(completions, **kwargs):\n    return [1 / (int(c) - 5) for c in completions]\n';
  const { scores, errors } = await start().score(job(source, 'reward', made(9, 3)));
  expect(scores.map((score) => (score === 'error' ? 'e' : '.')).join('')).toBe('...eee...');
  expect(errors).toEqual([{ type: 'ZeroDivisionError', message: 'division by zero', line: 2, samples: [5] }]);
});

test.each(pythons())('a reward that will not end, or ends Python, costs only its own batch (%s)', async (python) => {
  const own = start(python);
  const check = async (seven: string, error: RegExp, line: number | undefined): Promise<void> => {
    const source = `import os, re, sys, time, ctypes
def reward(completions, **kwargs):
    if '7' in completions:
        ${seven}
    return [1.0 for c in completions]
`;
    const { scores, errors } = await own.score(job(source, 'reward', made(20, 2), 0.5));
    const drawn = scores.map((score) => (score === 'error' ? 'e' : score)).join('');
    expect(drawn, seven).toBe('111111ee111111111111');
    expect(`${errors[0]?.type}: ${errors[0]?.message}`, seven).toMatch(error);
    expect(errors[0]?.line, seven).toBe(line);
  };
  // On a busy machine the processor time that ends a regex may come later than the clock that ends Python.
  const late = /^(Timeout: it ran longer than 0\.5 s|Died: the reward did not end in time, at line 4)$/;
  await check('while True: pass', late, 4);
  await check('sum(range(10 ** 12))', /^Died: the reward did not end in time, at line 4$/, 4);
  await check('time.sleep(60)', late, 4);
  await check('os._exit(3)', /^Died: the reward ended Python with exit code 3$/, undefined);
  if (!thorough) return;
  await check("re.match(r'(a+)+$', 'a' * 40 + 'b')", late, 4);
  await check('ctypes.string_at(0)', /^Died: the reward ended Python with signal SIGSEGV, at line 4$/, 4);
});

test('what the reward prints neither breaks the wire nor is lost', async () => {
  const source = `import os, subprocess
def reward(completions, **kwargs):
    for _ in range(20_000): print('x' * 1_000)
    os.write(1, b'y' * 100_000)
    subprocess.run(['echo', 'z'])
    return [1.0 for c in completions]
`;
  const told: { text: string; dropped: number }[] = [];
  start().onPrinted((printed) => told.push(printed));
  const { scores } = await (rewards as Rewards).score(job(source, 'reward', made(2)));
  expect(scores).toEqual([1, 1]);
  expect(told).toHaveLength(1);
  expect(told[0]?.text.slice(0, 3)).toBe('xxx');
  expect(told[0]?.dropped).toBeGreaterThan(20_000_000);
});

test('a reward that asks for input is told that there is none', async () => {
  const own = start();
  for (const asks of ['input()', 'int(sys.stdin.readline())', 'open(0).read()[0]']) {
    const source = `import sys\ndef reward(completions, **kwargs):\n    return [${asks} for c in completions]\n`;
    const { scores, errors } = await own.score(job(source, 'reward', made(2)));
    expect(scores, asks).toEqual(['error', 'error']);
    expect(errors[0]?.line, asks).toBe(3);
  }
});

test('the newest request wins, and nothing is left behind', async () => {
  const slow = `import subprocess, time
def reward(completions, **kwargs):
    subprocess.Popen(['sleep', '61.5'])
    time.sleep(0.4)
    return [1.0 for c in completions]
`;
  const quick = 'def reward(completions, **kwargs):\n    return [2.0 for c in completions]\n';
  start();
  const older = [1, 2, 3].map(() => (rewards as Rewards).score(job(slow, 'reward', made(8, 2), 5)));
  const told = Promise.all(older.map((run) => run.catch((error: { code: string }) => error.code)));
  await new Promise((resolve) => setTimeout(resolve, 300));
  const newest = await (rewards as Rewards).score(job(quick, 'reward', made(8, 2)));
  expect(await told).toEqual(['cancelled', 'cancelled', 'cancelled']);
  expect(newest.scores).toEqual([2, 2, 2, 2, 2, 2, 2, 2]);
  rewards?.dispose();
  await expect.poll(() => running('sleep\x0061.5')).toEqual([]);
});

test('no Python, and a Python that is too old, are told in one sentence', async () => {
  const check = async (python: string, message: string): Promise<void> => {
    const told = await start(python)
      .find('', 'x.py')
      .catch((error: { code: string; message: string }) => error);
    expect(told).toMatchObject({ code: 'no-python', message });
  };
  await check(
    '/nowhere/python3',
    'Rewards need Python 3.9 or newer: "/nowhere/python3" is not found. Choose another interpreter.',
  );
  const old = `${process.env['HOME']}/.pyenv/versions/3.8.18/bin/python3`;
  if (existsSync(old))
    await check(old, 'Rewards need Python 3.9 or newer: Python 3.8.18 is older than 3.9. Choose another interpreter.');
});

function lines(file: string): Record<string, unknown>[] {
  const texts = readFileSync(file, 'utf8').split('\n').filter(Boolean);
  return texts.map((line) => JSON.parse(line) as Record<string, unknown>);
}

test('samples that Python has let go are sent again, whatever was used in between', async () => {
  const own = start();
  const samples = [1, 2, 3, 4, 5].map((size) => made(size));
  const source = 'def reward(completions, **kwargs):\n    return [1.0] * len(completions)\n';
  for (const at of [0, 1, 2, 3, 0, 4, 1, 0, 3, 2]) {
    const { scores } = await own.score(job(source, 'reward', samples[at] ?? made(1)));
    expect(scores).toHaveLength(at + 1);
  }
});
