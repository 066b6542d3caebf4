import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { commonName, LogReader, type Point } from '../../src/domain/frameworks/logs';

/** All points of a log, rows of one step merged, as a table by step. */
function read(text: string): Map<number, Record<string, number>> {
  const reader = new LogReader();
  const lines = text.split('\n');
  const partial = lines.pop() ?? '';
  const points: Point[] = [...lines.flatMap((line) => reader.read(line)), ...reader.rest(partial)];
  const table = new Map<number, Record<string, number>>();
  for (const { step, values } of points) table.set(step, { ...table.get(step), ...values });
  return table;
}

/** The number with the digits that the line printed: transformers 5 prints `f"{v:.4g}"`, where ties go to the even digit. */
function printed(value: number): number {
  const [digits = '', power = '0'] = value.toExponential(20).split('e');
  const tie = /^(-?\d\.\d\d(\d))50*$/.exec(digits);
  if (!tie) return Number(value.toPrecision(4));
  return Number(tie[2]) % 2 === 0 ? Number(`${tie[1]}e${power}`) : Number(value.toPrecision(4));
}

function stateOf(run: string): Map<number, Record<string, number>> {
  const state = JSON.parse(readFileSync(`examples/${run}/output/trainer_state.json`, 'utf8')) as {
    log_history: Record<string, number>[];
  };
  const table = new Map<number, Record<string, number>>();
  // `total_flos` is taken out before printing (transformers:src/transformers/trainer_callback.py, ProgressCallback.on_log).
  for (const { step = NaN, total_flos: _never, ...values } of state.log_history) {
    const rounded = Object.fromEntries(Object.entries(values).map(([key, value]) => [key, printed(value)]));
    table.set(step, { ...table.get(step), ...rounded });
  }
  return table;
}

describe('the recorded runs', () => {
  it.each([
    ['trl-count', 220],
    ['trl-vl-count', 110],
  ])('%s: its output alone gives every step and metric of trainer_state.json', (run, steps) => {
    const points = read(readFileSync(`examples/${run}/output/stdout.log`, 'utf8'));
    const state = stateOf(run);
    expect(state.size).toBe(steps);
    expect([...points.keys()]).toEqual([...state.keys()]);
    for (const [step, values] of state) expect(points.get(step)).toEqual(values);
  });
});

/** Three decimals, or as Python writes it, where that has an exponent (verl/utils/py_functional.py:38 @ v0.3.2). */
function inYaml(value: number): number {
  return Math.abs(value) < 1e-4 ? value : Number(value.toFixed(3));
}

describe('what EasyR1’s own loggers wrote of its own metrics', () => {
  const told = (name: string): string => readFileSync(`test/recordings/easyr1/${name}`, 'utf8');
  const truth = (text: string): [string, Record<string, number>][] =>
    Object.entries(JSON.parse((text.trimEnd().split('\n').at(-1) ?? '').replaceAll('NaN', 'null')) as object);

  it.each([['0.3.0'], ['0.3.2'], ['0.3.3.dev0']])('%s: the console gives every step and every metric', (version) => {
    const text = told(`${version}.log`);
    const points = read(text.slice(0, text.trimEnd().lastIndexOf('\n') + 1));
    expect([...points.keys()]).toEqual([0, 1, 2, 3]);
    for (const [step, values] of truth(text)) {
      const shown = Object.entries(values).map(([name, value]) => [name, value === null ? NaN : inYaml(value)]);
      expect(points.get(Number(step))).toEqual(Object.fromEntries(shown));
    }
  });

  it('experiment_log.jsonl gives them exactly', () => {
    const points = read(told('experiment_log.jsonl'));
    for (const [step, values] of truth(told('0.3.3.dev0.log')))
      expect(points.get(Number(step))).toEqual(
        Object.fromEntries(Object.entries(values).map(([name, value]) => [name, value ?? NaN])),
      );
  });
});

const COMMON = "'learning_rate': 1e-06, 'reward': 0.5";

describe('lines of every framework', () => {
  it.each<[string, string, Record<number, Record<string, number>>]>([
    [
      'trl on transformers 4: bare numbers, nan, None',
      "  5%|5 | 5/100 [00:09<02:00,  1.9s/it]\r      \r{'loss': nan, 'kl': None, 'reward': 0.5, 'epoch': 0.1}\n",
      { 5: { loss: NaN, kl: NaN, reward: 0.5, epoch: 0.1 } },
    ],
    [
      'trl without progress bars: lines are counted',
      `{${COMMON}, 'epoch': 0.1}\n{${COMMON}, 'epoch': 0.2}\n{'train_runtime': 9.5, 'epoch': 0.2}\n`,
      {
        1: { learning_rate: 1e-6, reward: 0.5, epoch: 0.1 },
        2: { learning_rate: 1e-6, reward: 0.5, epoch: 0.2, train_runtime: 9.5 },
      },
    ],
    [
      'bars of data sets and weights are no steps',
      `\rMap: 100%|9| 9/9 [00:01<00:00]\nLoading weights:  50%|5 | 7/14 [00:01<00:00]\r\n{${COMMON}, 'epoch': 0.1}\n`,
      { 1: { learning_rate: 1e-6, reward: 0.5, epoch: 0.1 } },
    ],
    [
      'a bar that lags behind is put right by the one drawn after the line',
      `\r  0%|0 | 3/90 [00:01<00:09]\r   \r{${COMMON}, 'epoch': 0.1}\n\r  0%|0 | 4/90 [00:01<00:09]\n`,
      { 4: { learning_rate: 1e-6, reward: 0.5, epoch: 0.1 } },
    ],
    [
      'trl in a narrow terminal: a bar of figures only, a dictionary broken within words',
      "  3% 3/100 [01:38<51:01, 31.56s/it]\n{'loss': 0.5, 'learning_rate': 1e-06, 'comple\ntions/mean_length':\n 21.5, 'epoch': 0.1}\n",
      { 3: { loss: 0.5, learning_rate: 1e-6, 'completions/mean_length': 21.5, epoch: 0.1 } },
    ],
    [
      'a line that was cut off by a crash does not take the next attempt with it',
      `{'loss': 0.5, 'learning\nTraceback\n  0%|0 | 7/9 [00:01<00:09]\r{${COMMON}, 'epoch': 0.1}\n`,
      { 7: { learning_rate: 1e-6, reward: 0.5, epoch: 0.1 } },
    ],
    [
      'other dictionaries are none',
      "Updated tokens: {'eos_token_id': 2, 'pad_token_id': 0}.\n{'a': 1}\n{'epoch'\n",
      {},
    ],
    [
      'ms-swift: the step stands in the line; times are no numbers',
      "{'reward': 0.0, 'epoch': 0.0, 'global_step/max_steps': '5/8724', 'elapsed_time': '2m 25s', 'memory(GiB)': 21.5}\n",
      { 5: { reward: 0, epoch: 0, 'memory(GiB)': 21.5 } },
    ],
    [
      'ms-swift: logging.jsonl with NaN, an evaluation of the same step, and the closing row',
      '{"loss": NaN, "global_step/max_steps": "2/9"}\n{"eval_loss": 0.5, "global_step/max_steps": "2/9"}\n{"log_history": [{"loss": 1}]}\n',
      { 2: { loss: NaN, eval_loss: 0.5 } },
    ],
    [
      'verl: Ray prefix and colours, NumPy, colons and spaces in names, nan',
      '\u001b[36m(TaskRunner pid=7, ip=10.0.0.2)\u001b[0m step:3 - critic/score/mean:np.float64(0.25) - val-core/my set:a/acc/mean@4:-1e-05 - actor/kl:nan\u001b[0m\n',
      { 3: { 'critic/score/mean': 0.25, 'val-core/my set:a/acc/mean@4': -1e-5, 'actor/kl': NaN } },
    ],
    [
      'verl: a progress bar before the line, numbers with three decimals',
      'Training Progress:   1%|1 | 1/99 [00:01<00:09]\r(TaskRunner pid=7) step:1 - actor/lr:0.000 - response_length/mean:424.500\n',
      { 1: { 'actor/lr': 0, 'response_length/mean': 424.5 } },
    ],
    [
      'verl: wrapped',
      '(TaskRunner pid=1) step:1\n - actor/lr:1e-06\n - critic/score/mean:0.5\nend\n - a/b:1\n',
      { 1: { 'actor/lr': 1e-6, 'critic/score/mean': 0.5 } },
    ],
    [
      'verl: broken between pairs, as a terminal does it',
      '(main_task pid=3) step:2 - actor/entropy_loss:0.433 \n    - actor/pg_loss:-0.005 - actor/lr(1e-4):0.010 \n    - critic/score/mean:0.004\nnext\n',
      {
        2: { 'actor/entropy_loss': 0.433, 'actor/pg_loss': -0.005, 'actor/lr(1e-4)': 0.01, 'critic/score/mean': 0.004 },
      },
    ],
    [
      // As a stored run of an agentic recipe has it: every line ends at the terminal's width.
      'verl: broken at a width, within names and numbers',
      '(TaskRunner pid=1) step:60 - val-aux/set/acc/b\nest@16/mean:0.5 - val-aux/set/acc/maj@16/mean:\n0.25 - val-core/set/acc/worst@30/mean:0.17\n46 - critic/score/mean:0.75 - critic/rewards/min\n:-1.0 - critic/returns\n/min:-3.5 - response_length/mean:4352.7\n2026-11-21 10:00:00 - INFO - a/b:3\n',
      {
        60: {
          'val-aux/set/acc/best@16/mean': 0.5,
          'val-aux/set/acc/maj@16/mean': 0.25,
          'val-core/set/acc/worst@30/mean': 0.1746,
          'critic/score/mean': 0.75,
          'critic/rewards/min': -1,
          'critic/returns/min': -3.5,
          'response_length/mean': 4352.7,
        },
      },
    ],
    [
      'verl: the file logger, where nan is null',
      '{"step":4,"data":{"actor/lr":1e-06,"actor/kl_loss":null,"name":"x"}}\n',
      { 4: { 'actor/lr': 1e-6, 'actor/kl_loss': NaN } },
    ],
    ['a completion that speaks of steps', 'step:1 - think:2 and - so on\nStep 1\nfirst, count: 3 things\n', {}],
    [
      'EasyR1: nested lines with another process between',
      '(Runner pid=9) Step 2\n(Runner pid=9) actor:\n(Runner pid=9)   lr: 1.0e-06\n(Worker pid=4) noise: 1\n(Runner pid=9) reward:\n(Runner pid=9)   overall: 0.45\n(Runner pid=9) Start validation...\n(Runner pid=9)   late: 1\n',
      { 2: { 'actor/lr': 1e-6, 'reward/overall': 0.45 } },
    ],
    [
      'EasyR1: its first form, one line a step',
      '(main_task pid=9) step 3: - reward/overall:0.450 - actor/lr:0.000 - critic/score/mean:-1.500\nstep 4: the loss - up\n',
      { 3: { 'reward/overall': 0.45, 'actor/lr': 0, 'critic/score/mean': -1.5 } },
    ],
    [
      'EasyR1: a worker’s own log, without prefixes, with what is no number',
      "Step 7\nactor:\n  entropy_loss: !!float 'nan'\n  lr: 1.0e-06\n  ppo_kl: !!float 'inf'\ncritic:\n  advantages:\n    max: 3.08e-08\n  kl: -5.33\n\nStart validation...\n",
      {
        7: {
          'actor/entropy_loss': NaN,
          'actor/lr': 1e-6,
          'actor/ppo_kl': Infinity,
          'critic/advantages/max': 3.08e-8,
          'critic/kl': -5.33,
        },
      },
    ],
    [
      'EasyR1: experiment_log.jsonl',
      '{"step": 1, "reward": {"overall": 0.45}, "critic": {"score": {"mean": 0.5}}}\n',
      { 1: { 'reward/overall': 0.45, 'critic/score/mean': 0.5 } },
    ],
  ])('%s', (_what, text, expected) => {
    expect(Object.fromEntries(read(text))).toEqual(expected);
  });

  it.each([
    ['completion_length', 'completions/mean_length'],
    ['rewards/accuracy', 'rewards/accuracy/mean'],
    ['rewards/accuracy/std', 'rewards/accuracy/std'],
    ['critic/score/mean', 'reward'],
    ['reward/accuracy', 'rewards/accuracy/mean'],
    ['actor/lr', 'learning_rate'],
    ['my/own', 'my/own'],
  ])('%s is called %s', (name, common) => {
    expect(commonName(name)).toBe(common);
  });
});

describe('attempts', () => {
  it('a resumed run goes back in its log', () => {
    const reader = new LogReader();
    const logs = ['1', '2'].map((n) => readFileSync(`test/recordings/stopped-resumed/attempts/${n}/log.txt`, 'utf8'));
    const steps = logs
      .join('')
      .split('\n')
      .flatMap((line) => reader.read(line))
      .map(({ step }) => step);
    expect(reader.starts).toEqual([1, 21]);
    expect([...new Set(steps)]).toEqual(Array.from({ length: 40 }, (_, at) => at + 1));
  });
});
