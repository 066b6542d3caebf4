import { describe, expect, it } from 'vitest';
import { remarks } from '../../src/domain/rewards/remarks';
import { NOT_TRACED } from '../../src/machine/rewards/traces';
import type { TraceRun } from '../../src/domain/rewards/trace';

const trace = (parts: Partial<TraceRun>): TraceRun => ({
  reward: 'r',
  scores: [0, 1, 1, 1],
  components: {},
  errors: [],
  stubbed: [],
  ...NOT_TRACED,
  check: { kind: 'per-sample', differs: 0 },
  ms: { traced: 1, verified: 2 },
  ...parts,
});

const NUMBERS = 'mean 0.75 · 0 ▄▁▁▁▁▁▁█ 1 · 25% 0 · 75% 1 · 4 samples';

describe('what stands above a reward', () => {
  const cases: [string, Partial<TraceRun>, string[]][] = [
    ['all is well', {}, [NUMBERS, '✓ per sample']],
    [
      'it depends on the batch',
      { check: { kind: 'batch', differs: 3, example: { sample: 0, batch: -0.297, alone: 0 } } },
      [NUMBERS, '⚠ depends on the batch: 3 of 4 scores change, e.g. sample 0: −0.297 → 0'],
    ],
    [
      'lines could not be followed through the batch',
      { check: { kind: 'batch', differs: 3, followed: false } },
      [NUMBERS, '⚠ depends on the batch: 3 of 4 scores change · lines and values are those of samples called alone'],
    ],
    [
      'it was not checked',
      { check: { kind: 'unknown', differs: 0, why: 'too slow' } },
      [NUMBERS, 'not checked: too slow'],
    ],
    [
      'a verifier is missing',
      { withheld: 'math_verify is missing here.' },
      ['math_verify is missing here.', '✓ per sample'],
    ],
    [
      'exceptions, raised and swallowed',
      {
        errors: [{ type: 'KeyError', message: 'x', samples: [1, 2] }],
        swallowed: [2, 5].map((count) => ({
          line: 3,
          file: 'r.py',
          type: 'ValueError',
          message: 'm',
          raisedAt: 2,
          count,
          samples: [0],
          fatal: false,
        })),
      },
      [NUMBERS, '$(error) 2 failed: KeyError: x', '$(warning) swallowed 7 × ValueError', '✓ per sample'],
    ],
    [
      'a framework is not installed',
      { stubbed: ['swift.rewards.ORM', 'swift.rewards.orms'] },
      [NUMBERS, '✓ per sample', 'stubs: swift'],
    ],
  ];
  it.each(cases)('%s', (_what, parts, expected) => {
    const { numbers, pressing, besides } = remarks(trace(parts));
    expect([numbers, ...pressing, ...besides]).toEqual(expected);
  });

  it('tells the flips against other scores', () => {
    expect(remarks(trace({}), { name: 'the record', scores: [1, 1, 1, 1] }).pressing).toEqual([
      'flips 1 of 4 against the record (1 × 1 → 0)',
    ]);
  });
});
