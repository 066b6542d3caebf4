import { describe, expect, it } from 'vitest';
import { signalOf } from '../../src/domain/rollouts/signal';

/** Two components per completion; format is worth half. */
const batch = {
  weights: [1, 0.5],
  groups: [
    [
      [1, 1],
      [0, 1],
      [1, 1],
      [0, 1],
    ],
    [
      [1, 1],
      [1, 1],
      [1, 1],
      [1, 1],
    ],
    [
      [0, 0],
      [0, 0],
      [0, 0],
      [0, 0],
    ],
    [
      [0.9, 0],
      [0.9, 0],
      [0.9, 0],
      [0.91, 0],
    ],
  ],
};
const lengths = [
  [10, 20, 10, 20],
  [5, 6, 7, 8],
  [5, 5, 5, 5],
  [5, 5, 5, 5],
];

describe('signal', () => {
  const signal = signalOf(batch, lengths);

  it('counts the groups that teach nothing, and why', () => {
    expect(signal).toMatchObject({ groups: 4, withoutSignal: 2, allBest: 1, allWorst: 1, tinySpread: 1 });
  });

  it('one completion that nothing could score leaves what is known of the others', () => {
    const groups = batch.groups.map((group, at) => (at === 0 ? [...group, [NaN, NaN]] : group));
    const longer = lengths.map((group, at) => (at === 0 ? [...group, 99] : group));
    const { shares, lengthCorrelation } = signalOf({ ...batch, groups }, longer);
    expect(shares.map((share) => share.toFixed(9))).toEqual(signal.shares.map((share) => share.toFixed(9)));
    expect(lengthCorrelation).toBeCloseTo(signal.lengthCorrelation, 9);
  });

  it('calls nothing best or worst where all totals are the same', () => {
    const same = {
      groups: [
        [[1], [1]],
        [[1], [1]],
      ],
      weights: [1],
    };
    const lengths = [
      [1, 2],
      [1, 2],
    ];
    expect(signalOf(same, lengths)).toMatchObject({ withoutSignal: 2, allBest: 0, allWorst: 0 });
  });

  it('shares the variance among the components', () => {
    expect(signal.shares.map((share) => share.toFixed(3))).toEqual(['1.000', '0.000']);
  });

  it('correlates reward and length within groups', () => {
    expect(signal.lengthCorrelation).toBeCloseTo(-0.976, 3);
  });
});
