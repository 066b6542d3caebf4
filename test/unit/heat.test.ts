import { describe, expect, it } from 'vitest';
import { describeFlips } from '../../src/domain/rewards/flips';
import { heatNotes } from '../../src/domain/rewards/heat';
import type { Score } from '../../src/domain/score';
import type { Traced } from '../../src/domain/rewards/trace';

describe('flips', () => {
  const cases: [Score[], Score[], string][] = [
    [[0, 0, 1], [0, 0, 1], ''],
    [[0, 0, 1, 1], [1, 1, 0, 1], 'flips 3 of 4 against the record (2 × 0 → 1, 1 × 1 → 0)'],
    [[0, 'error'], [0, 'none'], 'flips 1 of 2 against the record (1 × error → none)'],
    [
      [0, 1, 2, 3, 4],
      [9, 8, 7, 6, 5],
      'flips 5 of 5 against the record (1 × 0 → 9, 1 × 1 → 8, 1 × 2 → 7, 2 other kinds)',
    ],
  ];
  it.each(cases)('%j to %j', (before, after, expected) => {
    expect(describeFlips({ name: 'the record', scores: before }, after)).toBe(expected);
  });
});

describe('heat', () => {
  const traced: Traced = {
    path: [],
    paths: [],
    executable: [10, 11, 12, 14],
    lines: [
      { line: 10, hit: 100, mean: 0.5 },
      { line: 11, hit: 50, mean: 1 },
      { line: 12, hit: 2, mean: 0 },
    ],
    branches: [{ line: 10, col: 0, endLine: 10, endCol: 5, yes: 50, no: 50, meanYes: 1, meanNo: 0 }],
    swallowed: [
      {
        line: 12,
        file: 'r.py',
        type: 'ValueError',
        message: 'bad',
        raisedAt: 11,
        count: 2,
        samples: [3, 4],
        fatal: false,
      },
    ],
    truncated: 0,
  };
  const notes = heatNotes(traced, 100);

  it('shares and warms the lines that samples came by', () => {
    expect(notes.map(({ line, share, warmth }) => [line, share, warmth])).toEqual([
      [10, 1, 0],
      [11, 0.5, 1],
      [12, 0.02, undefined],
      [14, 0, undefined],
    ]);
  });

  it('does not warm a line that works on the batch as a whole', () => {
    const [first, second] = heatNotes({ ...traced, shared: [11] }, 100).slice(0, 2);
    expect([first?.warmth, second?.warmth]).toEqual([0, undefined]);
    expect(second?.text).toBe('This line works on the batch as a whole, in the turn of no sample.');
  });

  it('tells counts, tests and swallowed exceptions', () => {
    expect(notes.map(({ text }) => text)).toEqual([
      '100 of 100 samples came by here; their mean score is 0.5.\n\nTest: true for 50 (mean score 1), false for 50 (mean score 0).',
      '50 of 100 samples came by here; their mean score is 1.',
      '2 of 100 samples came by here; their mean score is 0.\n\nSwallowed 2 × ValueError of line 11: bad',
      'None of 100 samples came by here.',
    ]);
  });
});
