import { mkdtempSync, rmSync, writeFileSync, copyFileSync, mkdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { runCommand } from '../../src/machine/commands/all';

const root = new URL('../..', import.meta.url).pathname;
const temp = mkdtempSync(join(tmpdir(), 'grpo-score-'));
afterAll(() => rmSync(temp, { recursive: true, force: true }));

interface Row {
  readonly reward: string;
  readonly samples: number;
  readonly scores: readonly (number | string)[];
  readonly recorded: readonly (number | string)[] | null;
  readonly equal: number | null;
  readonly problems: readonly string[];
}

async function grpo(...args: string[]): Promise<{ status: number; printed: string; noted: string }> {
  const printed: string[] = [];
  const noted: string[] = [];
  const output = { print: (text: string) => printed.push(text), note: (text: string) => noted.push(text), root };
  const status = await runCommand(args, output);
  return { status, printed: printed.join('\n'), noted: noted.join('\n') };
}

async function score(...args: string[]): Promise<Row[]> {
  const { printed } = await grpo('score', ...args, '--json');
  return printed.split('\n').map((line) => JSON.parse(line) as Row);
}

describe('grpo score', () => {
  it('gives all 28,160 recorded scores of both rewards again', async () => {
    const rows = await score(
      join(root, 'examples/trl-count/rewards.py'),
      '--samples',
      join(root, 'examples/trl-count/output'),
    );
    expect(rows.map(({ reward, samples, equal, problems }) => [reward, samples, equal, problems])).toEqual([
      ['accuracy_reward', 28_160, 28_160, []],
      ['format_reward', 28_160, 28_160, []],
    ]);
    for (const { scores, recorded } of rows) expect(scores).toEqual(recorded);
  });

  it('scores what a framework knows by name, by our own rule, which says so', async () => {
    const samples = join(temp, 'built-in.jsonl');
    const lines = [
      { prompt: 'p', completion: '<think>a</think> <answer>1</answer>', solution: '1' },
      { prompt: 'p', completion: 'a b c a b c a b c', solution: '1' },
    ];
    writeFileSync(samples, lines.map((line) => JSON.stringify(line)).join('\n'));
    const scores = async (name: string): Promise<unknown> => (await score(name, '--samples', samples))[0]?.scores;
    expect(await scores('format')).toEqual([1, 0]);
    expect(await scores('repetition')).toEqual([0, -4 / 7]);
    expect(await scores('swift:soft_overlong')).toEqual(['withheld', 'withheld']);
    const [format] = await score('format', '--samples', samples);
    expect(format?.problems.join()).toContain('stands for ms-swift’s own'.replace('’', "'"));
  });

  it('scores every reward that a configuration names, with its arguments', async () => {
    const samples = join(temp, 'configured.jsonl');
    writeFileSync(
      samples,
      JSON.stringify({ prompt: 'p', completion: 'b b b b', solution: '1', response_token_ids: [1, 2, 3] }),
    );
    writeFileSync(
      join(temp, 'plug.py'),
      "from swift.rewards import ORM, orms\nclass Half(ORM):\n    def __call__(self, completions, **kwargs):\n        return [self.args.beta for c in completions]\norms['half'] = Half\n",
    );
    writeFileSync(
      join(temp, 'run.sh'),
      'swift rlhf --rlhf_type grpo --external_plugins plug.py --reward_funcs half repetition soft_overlong --repetition_n_grams 1 --max_completion_length 4 --soft_cache_length 2 --beta 0.5 --reward_weights 1 2',
    );
    const { printed, noted } = await grpo('score', '--config', join(temp, 'run.sh'), '--samples', samples, '--json');
    const rows = printed.split('\n').map((line) => JSON.parse(line) as Row);
    expect(rows.map(({ reward, scores }) => [reward, scores])).toEqual([
      ['half', [0.5]],
      ['repetition', [-0.75]],
      ['soft_overlong', [-0.5]],
    ]);
    expect(noted).toContain('run.sh gives 2 weights for 3 rewards: give one for each.');
  });

  it('says unknown, not 0, where the picture decides the solution', async () => {
    const [accuracy, format] = await score(
      join(root, 'examples/trl-vl-count/rewards.py'),
      '--samples',
      join(root, 'examples/trl-vl-count/output'),
    );
    expect(new Set(accuracy?.scores)).toEqual(new Set(['unknown']));
    expect(accuracy?.problems.join()).toMatch(/7040 rows are unknown for want of "solution"/);
    expect(format?.equal).toBe(7040);
  });

  const seeds = [
    ['reward_eyeballing', 'swift-vlm-puzzle/rewards.py', 'swift-vlm-puzzle/samples.eyeballing.jsonl'],
    ['reward_maze', 'swift-vlm-puzzle/rewards.py', 'swift-vlm-puzzle/samples.maze.jsonl'],
    ['external_r1v_acc', 'trl-vl-count/rewards.py', 'swift-clevr/samples.jsonl'],
    ['vqa_reward', 'easyr1-vqa/utils/reward_function/vqa_reward.py', 'easyr1-vqa/samples.jsonl'],
    ['dual_reward', 'qwenvl-own/rewards.py', 'qwenvl-own/samples.jsonl'],
  ] as const;
  it.each(seeds)('%s scores a file of samples under the name that was asked for', async (name, file, samples) => {
    const lines = readFileSync(join(root, 'examples', samples), 'utf8')
      .trim()
      .split('\n');
    const [row] = await score(`${join(root, 'examples', file)}:${name}`, '--samples', join(root, 'examples', samples));
    expect(row).toMatchObject({ reward: name, samples: lines.length, recorded: null, equal: null });
    expect(row?.scores.every((value) => typeof value === 'number')).toBe(true);
  });

  it('without math_verify the reward that asks for it first has no score, and says why', async () => {
    const samples = join(root, 'examples/swift-clevr/samples.jsonl');
    const [row] = await score(join(root, 'examples/swift-clevr/plugin.py:external_r1v_acc'), '--samples', samples);
    expect(row?.scores).toEqual(['error', 'error', 'error', 'error']);
    expect(row?.problems.join()).toMatch(/No module named 'math_verify'/);
  });

  it('keeps what is no number as a word', async () => {
    const file = join(temp, 'odd.py');
    const samples = join(temp, 'odd.jsonl');
    writeFileSync(
      file,
      'def odd(completions, **kwargs):\n    return [None, float("nan"), float("inf"), 0.0, True][: len(completions)]\n',
    );
    writeFileSync(
      samples,
      [1, 2, 3, 4, 5].map((n) => `${JSON.stringify({ prompt: 'p', completion: `c${n}`, solution: 's' })}\n`).join(''),
    );
    const [row] = await score(file, '--samples', samples);
    expect(row?.scores).toEqual(['none', 'nan', 'inf', 0, 1]);
  });

  it('reads the rest of a folder with a broken parquet file, and says which is broken', async () => {
    const folder = join(temp, 'run', 'completions');
    mkdirSync(folder, { recursive: true });
    const whole = join(root, 'examples/trl-count/output/completions/completions_00001.parquet');
    copyFileSync(whole, join(folder, 'completions_00001.parquet'));
    writeFileSync(join(folder, 'completions_00002.parquet'), readFileSync(whole).subarray(0, 3000));
    const { printed, noted } = await grpo(
      'score',
      `${join(root, 'examples/trl-count/rewards.py')}:format_reward`,
      '--samples',
      join(temp, 'run'),
    );
    expect(printed).toMatch(/128 of 128 as recorded/);
    expect(noted).toMatch(/completions_00002\.parquet/);
  });

  const bad: [string, string[], RegExp][] = [
    ['no samples', ['score', 'x.py'], /option --samples is missing/],
    [
      'no such file',
      ['score', 'nowhere.py', '--samples', 'examples/trl-count/output'],
      /nowhere\.py cannot be read: there is no such file/,
    ],
    [
      'no such reward',
      ['score', 'examples/trl-count/rewards.py:other', '--samples', 'examples/trl-count/output'],
      /defines no reward "other"; it has accuracy_reward, format_reward/,
    ],
    ['no such run', ['score', 'examples/trl-count/rewards.py', '--samples', 'nowhere'], /There is no file or folder/],
    [
      'no Python',
      ['score', 'examples/trl-count/rewards.py', '--samples', 'examples/trl-count/output', '--python', 'python0'],
      /"python0" is not found/,
    ],
    ['no such option', ['score', '--what'], /There is no option --what\. Usage/],
    ['no such command', ['skore'], /no command "skore"/],
  ];
  it.each(bad)('%s: one sentence and status 2', async (_what, args, sentence) => {
    const { status, noted } = await grpo(...args);
    expect(noted).toMatch(sentence);
    expect(status).toBe(2);
  });
});
