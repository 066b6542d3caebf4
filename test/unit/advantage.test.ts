import { describe, expect, it } from 'vitest';
import type { AdvantageVariant } from '../../src/domain/rollouts/advantage';
import { withoutSignal } from '../../src/domain/rollouts/advantage';
import { easyr1Advantages } from '../../src/domain/frameworks/easyr1/advantages';
import { swiftAdvantages } from '../../src/domain/frameworks/swift/advantages';
import { trlAdvantages } from '../../src/domain/frameworks/trl/advantages';
import { verlAdvantages } from '../../src/domain/frameworks/verl/advantages';

const variants: Readonly<Record<string, AdvantageVariant>> = Object.fromEntries([
  ...trlAdvantages.map((variant) => [`trl ${variant.id}`, variant] as const),
  ...swiftAdvantages.map((variant) => [`swift ${variant.id}`, variant] as const),
  ...verlAdvantages.map((variant) => [`verl ${variant.id}`, variant] as const),
  ...easyr1Advantages.map((variant) => [`easyr1 ${variant.id}`, variant] as const),
]);

/** Groups of single rewards, `1 0 | 1 1`; `-` is a None. */
function advantages(id: string, text: string): (string | undefined)[] {
  const groups = text.split('|').map((group) =>
    group
      .trim()
      .split(' ')
      .map((word) => [word === '-' ? NaN : Number(word)]),
  );
  const found = variants[id]?.of({ groups, weights: [1] }) ?? [];
  return found.map((group) => group.map((value) => value.toFixed(3)).join(' '));
}

describe('advantages', () => {
  const cases: [string, string, string[]][] = [
    ['trl group', '1 0 0 1 | 1 1 1 1', ['0.866 -0.866 -0.866 0.866', '0.000 0.000 0.000 0.000']],
    ['trl none', '1 0 0 1 | 1 1', ['0.500 -0.500 -0.500 0.500', '0.000 0.000']],
    ['trl batch', '1 0 | 1 1', ['1.000 -1.000', '0.000 0.000']],
    ['trl group', '1 - 0 1', ['0.577 0.000 -1.155 0.577']],
    ['swift grpo.group', '1 - 0 1', ['0.866 -0.866 -0.866 0.866']],
    ['swift rloo.none', '1 0 0 1', ['0.667 -0.667 -0.667 0.667']],
    ['swift rloo.none', '3', ['0.000']],
    ['verl grpo', '0.5', ['0.500']],
    ['verl grpo_passk', '1 0.5 0 0', ['1.044 0.000 0.000 0.000']],
    ['verl rloo', '1 0 0 1', ['0.667 -0.667 -0.667 0.667']],
    ['easyr1 grpo', '0.5', ['NaN']],
    ['easyr1 grpo_passk', '1 1 0 0', ['0.000 0.000 0.000 0.000']],
  ];
  it.each(cases)('%s of %s', (id, text, expected) => {
    expect(advantages(id, text)).toEqual(expected);
  });

  it('states a source for each variant', () => {
    for (const { source } of Object.values(variants)) expect(source).toMatch(/^[\w-]+\/[\w-]+:[\w/.]+:\d+ @ [\w.]+$/);
  });

  it('normalises each component by itself for GDPO', () => {
    const groups = [
      [
        [1, 10],
        [0, 30],
        [1, 20],
        [0, 20],
      ],
    ];
    const found = variants['trl normalize_then_sum']?.of({ groups, weights: [1, 1] })[0] ?? [];
    expect(found.map((value) => value.toFixed(2))).toEqual(['-0.47', '0.47', '1.13', '-1.13']);
    expect(found.reduce((sum, value) => sum + value, 0)).toBeCloseTo(0, 6);
  });

  it('sees a group without signal', () => {
    expect(withoutSignal([1, 1, 1])).toBe(true);
    expect(withoutSignal([1])).toBe(true);
    expect(withoutSignal([1, 1, 1.001])).toBe(false);
  });
});
