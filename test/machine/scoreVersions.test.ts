import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCommand } from '../../src/machine/commands/all';

const root = new URL('../..', import.meta.url).pathname;
const temp = mkdtempSync(join(tmpdir(), 'grpo-versions-'));
afterAll(() => rmSync(temp, { recursive: true, force: true }));

async function grpo(...args: string[]): Promise<{ status: number; printed: string; noted: string }> {
  const printed: string[] = [];
  const noted: string[] = [];
  const output = { print: (text: string) => printed.push(text), note: (text: string) => noted.push(text), root };
  const status = await runCommand(['score', ...args], output);
  return { status, printed: printed.join('\n'), noted: noted.join('\n') };
}

const FILE = join(temp, 'rewards.py');
const SAMPLES = join(temp, 'samples.jsonl');
const EXPECT = join(temp, 'rewards.expect.jsonl');
const reward = (test: string): string =>
  `def exact(completions, solution, **kwargs):\n    return [float(${test}) for c, s in zip(completions, solution)]\n`;
const STRICT = reward('c == s');
const LOOSE = reward('c.strip() == s');
const sample = (completion: string): object => ({ prompt: 'p', completion, solution: '4' });
const lines = (records: readonly object[]): string => records.map((record) => `${JSON.stringify(record)}\n`).join('');
const git = (...args: string[]): string => execFileSync('git', ['-C', temp, ...args], { encoding: 'utf8' });

beforeAll(() => {
  writeFileSync(SAMPLES, lines([sample('4'), sample(' 4'), sample('5')]));
  writeFileSync(FILE, STRICT);
  git('init', '-q');
  git('add', '.');
  git('-c', 'user.name=t', '-c', 'user.email=t@t', 'commit', '-qm', 'strict');
  writeFileSync(FILE, LOOSE);
});

describe('grpo score --against', () => {
  const versions: [string, () => string][] = [
    ['a commit', () => 'HEAD'],
    [
      'another file',
      () => {
        writeFileSync(join(temp, 'older.py'), STRICT);
        return join(temp, 'older.py');
      },
    ],
  ];
  it.each(versions)('lists the flips against %s and exits 1', async (_what, version) => {
    const against = version();
    const { status, printed } = await grpo(FILE, '--samples', SAMPLES, '--against', against);
    expect(printed).toBe(`exact: 1 flip of 3 samples against ${against}\n  row 1: 0 → 1  " 4"`);
    expect(status).toBe(1);
  });

  it('as JSON', async () => {
    const { printed } = await grpo(FILE, '--samples', SAMPLES, '--against', 'HEAD', '--json');
    const flips = [{ row: 1, group: null, was: 0, is: 1, expected: false }];
    expect(JSON.parse(printed)).toEqual({ reward: 'exact', against: 'HEAD', samples: 3, unexpected: 1, flips });
  });

  it('exits 0 where an expectation states the new score, and 1 where it states another', async () => {
    const args = [FILE, '--samples', SAMPLES, '--against', 'HEAD', '--expect', EXPECT];
    writeFileSync(EXPECT, lines([{ reward: 'exact', ...sample(' 4'), score: 1 }]));
    const good = await grpo(...args);
    expect([good.status, good.printed]).toEqual([0, expect.stringContaining('1 of them expected')]);
    writeFileSync(EXPECT, lines([{ reward: 'exact', ...sample(' 4'), score: 0.5 }]));
    expect((await grpo(...args)).status).toBe(1);
  });

  it('exits 0 where nothing flips', async () => {
    const { status, printed } = await grpo(FILE, '--samples', SAMPLES, '--against', FILE);
    expect([status, printed]).toEqual([0, `exact: 0 flips of 3 samples against ${FILE}`]);
  });

  const bad: [string, string, RegExp][] = [
    ['no such commit', 'nowhere~1', /"nowhere~1" is neither a file nor a commit that holds .*rewards\.py: fatal: /],
    ['what looks like an option', '--output=/tmp/x', /Usage|neither a file nor a commit/],
  ];
  it.each(bad)('%s: one sentence and status 2', async (_what, against, sentence) => {
    const { status, noted } = await grpo(FILE, '--samples', SAMPLES, `--against=${against}`);
    expect(noted).toMatch(sentence);
    expect(status).toBe(2);
  });
});

describe('grpo score --expect', () => {
  const examples: [string, string, number][] = [
    ['swift-vlm-puzzle', 'rewards.py', 50],
    ['easyr1-vqa', 'utils/reward_function/vqa_reward.py', 10],
    ['qwenvl-own', 'rewards.py', 9],
    ['verl-gad', 'reward.py', 5],
  ];
  it.each(examples)('%s: all are met', async (folder, file, count) => {
    const expectations = join(root, 'examples', folder, 'rewards.expect.jsonl');
    expect(readFileSync(expectations, 'utf8').trim().split('\n')).toHaveLength(count);
    const { status, printed, noted } = await grpo(join(root, 'examples', folder, file), '--expect', expectations);
    const told = printed.split('\n').map((line) => /: (\d+) of (\d+) expectations met$/.exec(line)?.slice(1));
    expect(told.every((one) => one && one[0] === one[1])).toBe(true);
    expect(told.reduce((sum, one) => sum + Number(one?.[0]), 0)).toBe(count);
    expect([status, noted]).toEqual([0, '']);
  });

  it('lists what fails, old → new, and exits 1', async () => {
    writeFileSync(EXPECT, lines([4, ' 4', '5'].map((c) => ({ reward: 'exact', ...sample(String(c)), score: 0 }))));
    const { status, printed } = await grpo(FILE, '--expect', EXPECT);
    expect(printed).toBe('exact: 1 of 3 expectations met\n  line 1: 0 → 1  "4"\n  line 2: 0 → 1  " 4"');
    expect(status).toBe(1);
    const { printed: json } = await grpo(FILE, '--expect', EXPECT, '--json');
    const failing = [1, 2].map((line) => ({ line, expected: 0, is: 1 }));
    expect(JSON.parse(json)).toEqual({ reward: 'exact', expectations: 3, failing });
  });

  it('says what a sample lacks, and which reward is not there', async () => {
    writeFileSync(
      EXPECT,
      lines([
        { reward: 'exact', prompt: 'p', completion: '4', score: 1 },
        { reward: 'gone', ...sample('4'), score: 1 },
      ]),
    );
    const { status, printed, noted } = await grpo(FILE, '--expect', EXPECT);
    expect(printed).toMatch(/0 of 1 expectations met\n {2}line 1: 1 → \w+ \(.*solution.*\)/);
    expect(noted).toMatch(/defines no reward "gone"/);
    expect(status).toBe(1);
  });

  it('says which line cannot be read', async () => {
    writeFileSync(EXPECT, `{half\n${lines([{ reward: 'exact', ...sample('4'), score: 1 }])}`);
    const { status, noted } = await grpo(FILE, '--expect', EXPECT);
    expect(noted).toMatch(/rewards\.expect\.jsonl:1: no expectation: it is no JSON object/);
    expect(status).toBe(1);
  });

  it('says that there are none', async () => {
    const { status, noted } = await grpo(FILE, '--expect', join(temp, 'none.jsonl'));
    expect([status, noted]).toEqual([2, expect.stringMatching(/cannot be read: there is no such file/)]);
  });
});
