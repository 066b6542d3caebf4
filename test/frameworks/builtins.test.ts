import { execa } from 'execa';
import { expect, test } from 'vitest';

const python = process.env['GRPO_LENS_TEST_PYTHON'] ?? 'python3';
const script = new URL('builtins.py', import.meta.url).pathname;

interface Told {
  readonly name: string;
  readonly ours: readonly number[];
  readonly theirs: readonly number[];
}

test('the rewards that ms-swift knows by name score as its own code does', async () => {
  const { stdout } = await execa(python, [script], { maxBuffer: 1e8 });
  const told = stdout.split('\n').map((line) => JSON.parse(line) as Told);
  expect(told.map(({ name }) => name)).toEqual([
    'accuracy',
    'format',
    'react_format',
    'cosine',
    'repetition',
    'soft_overlong',
  ]);
  for (const { name, ours, theirs } of told) {
    expect(ours.length, name).toBeGreaterThan(600);
    expect(new Set(theirs).size, `${name} tells apart`).toBeGreaterThan(1);
    ours.forEach((score, at) => expect(score, `${name} ${at}`).toBeCloseTo(theirs[at] ?? NaN, 9));
  }
});
