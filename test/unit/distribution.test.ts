import { describe as suite, expect, it } from 'vitest';
import { describe, distributionOf } from '../../src/domain/rollouts/distribution';
import type { Score } from '../../src/domain/score';

suite('distribution', () => {
  const many = (score: Score, count: number): Score[] => new Array<Score>(count).fill(score);
  const cases: [Score[], string][] = [
    [[...many(0, 1), ...many(1, 3)], 'mean 0.75 · 0 ▄▁▁▁▁▁▁█ 1 · 25% 0 · 75% 1 · 4 samples'],
    [[1, 1, 1], 'mean 1 · 100% 1 · 3 samples'],
    [['error', 'error', 1, 'none'], 'mean 1 · 25% 1 · 50% error · 25% none · 4 samples'],
    [['withheld'], '100% withheld · 1 sample'],
    [[], '0 samples'],
    [[-1, -0.5, 0, 0.25, 0.5, 0.9, 1], 'mean 0.164 · −1 ▅▁▅▁▅▅▅█ 1 · 7 samples'],
    [[Infinity, 1], 'mean ∞ · 50% 1 · 50% ∞ · 2 samples'],
    [[...many(1, 999), 0], 'mean 0.999 · 0 ▂▁▁▁▁▁▁█ 1 · <1% 0 · >99% 1 · 1,000 samples'],
  ];
  it.each(cases)('%#', (scores, expected) => {
    expect(describe(distributionOf(scores))).toBe(expected);
  });
});
