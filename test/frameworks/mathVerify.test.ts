import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = path.resolve(import.meta.dirname, '../..');
const REWARD = `from math_verify import parse, verify


def number(text):
    return parse("$" + text.rpartition("<answer>")[2].partition("</answer>")[0].strip() + "$")


def verified(completions, solution, **kwargs):
    texts = [completion[0]["content"] for completion in completions]
    return [float(verify(number(gold), number(text))) for text, gold in zip(texts, solution)]
`;

describe('a reward that imports the real math-verify', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'grpo-verify-'));
    const completions = 'output/completions/completions_00001.parquet';
    mkdirSync(path.dirname(path.join(folder, completions)), { recursive: true });
    for (const file of [completions, 'output/args.json', 'dataset.jsonl'])
      cpSync(path.join(root, 'examples/trl-count', file), path.join(folder, file));
    writeFileSync(path.join(folder, 'rewards.py'), REWARD);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('scores every completion of the first recorded step, and agrees wherever the answer is the solution to the letter', async () => {
    const score = (file: string) => grpo(['score', file, '--samples', path.join(folder, 'output'), '--json']);
    const [verified] = await score(path.join(folder, 'rewards.py'));
    const [recorded] = await score(`${path.join(root, 'examples/trl-count/rewards.py')}:accuracy_reward`);
    expect(verified?.problems).toEqual([]);
    expect(recorded?.recorded).toHaveLength(128);
    const pairs = (recorded?.recorded ?? []).map((score, row) => `${score}, verified ${verified?.scores[row]}`);
    expect(new Set(pairs)).toEqual(new Set(['0, verified 0', '0, verified 1', '1, verified 1']));
  });
});

interface Scored {
  readonly scores: readonly unknown[];
  readonly recorded: readonly unknown[] | null;
  readonly problems: readonly unknown[];
}

async function grpo(words: readonly string[]): Promise<Scored[]> {
  const python = process.env.GRPO_LENS_TEST_PYTHON ?? '';
  const args = [path.join(root, 'dist/grpo.js'), ...words, '--python', python];
  const { stdout } = await promisify(execFile)(process.execPath, args, { maxBuffer: 64e6 });
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Scored);
}
