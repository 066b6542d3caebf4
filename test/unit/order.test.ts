import { describe, expect, it } from 'vitest';
import { setScore, unknownScores, type ScoreColumn } from '../../src/domain/rollouts/columns';
import { overGroups, plainColumn, totalOf } from '../../src/domain/rollouts/derived';
import { ordered } from '../../src/domain/rollouts/order';
import { keepFitting, rowsOf } from '../../src/domain/rollouts/select';
import type { Score } from '../../src/domain/score';

function column(scores: readonly Score[]): ScoreColumn {
  const made = unknownScores(scores.length);
  scores.forEach((score, row) => setScore(made, row, score));
  return made;
}
const all = (count: number): Int32Array => Int32Array.from({ length: count }, (_, row) => row);

describe('order', () => {
  const cases: [Score[], number[], number[]][] = [
    [
      [3, 1, 2],
      [1, 2, 0],
      [0, 2, 1],
    ],
    [
      [-1, 0, -0.5, 1e-300, -Infinity, Infinity],
      [4, 0, 2, 1, 3, 5],
      [5, 3, 1, 2, 0, 4],
    ],
    [
      ['nan', 1, 'none', 0],
      [3, 1, 0, 2],
      [1, 3, 0, 2],
    ],
    [
      [1, 1, 1],
      [0, 1, 2],
      [0, 1, 2],
    ],
    [[], [], []],
  ];
  it.each(cases)('%j', (scores, up, down) => {
    const by = column(scores);
    expect([...ordered(all(scores.length), [{ column: by, down: false }])]).toEqual(up);
    expect([...ordered(all(scores.length), [{ column: by, down: true }])]).toEqual(down);
  });

  it('agrees with a comparing sort on many numbers, two keys, a part of the rows', () => {
    let seed = 7;
    const random = (): number => (seed = (seed * 48271) % 2147483647) / 2147483647 - 0.5;
    const [a, b] = [
      Array.from({ length: 5000 }, () => Math.round(random() * 20)),
      Array.from({ length: 5000 }, random),
    ];
    const rows = all(5000).filter((row) => row % 3 === 0);
    const expected = [...rows].sort((x, y) => (a[x] ?? 0) - (a[y] ?? 0) || (b[y] ?? 0) - (b[x] ?? 0));
    const by = [
      { column: column(a), down: false },
      { column: column(b), down: true },
    ];
    expect([...ordered(rows, by)]).toEqual(expected);
  });
});

describe('selection', () => {
  const scores = column([0, 0.5, 'nan', 'none', Math.fround(0.1)]);
  const cases: [Parameters<typeof keepFitting>[2], number[]][] = [
    [{ kind: 'number', column: '', operator: '=', value: 0.1 }, [4]],
    [{ kind: 'number', column: '', operator: '=', value: Infinity }, []],
    [{ kind: 'number', column: '', operator: '!=', value: -Infinity }, [0, 1, 2, 3, 4]],
    [{ kind: 'number', column: '', operator: '>', value: 0 }, [1, 4]],
    [{ kind: 'number', column: '', operator: '<=', value: 0.5 }, [0, 1, 4]],
    [{ kind: 'number', column: '', operator: '!=', value: 0 }, [1, 2, 3, 4]],
    [{ kind: 'word', column: '', word: 'nan', is: true }, [2]],
    [{ kind: 'word', column: '', word: 'none', is: false }, [0, 1, 2, 4]],
  ];
  it.each(cases)('%j', (clause, rows) => {
    const kept = new Uint8Array(5).fill(1);
    keepFitting(kept, scores, clause);
    expect([...rowsOf(kept)]).toEqual(rows);
  });
});

describe('computed columns', () => {
  const grouped = { group: Int32Array.from([0, 0, 1, 1, -1]), groups: 2 };
  const cases: ['mean' | 'std' | 'min' | 'max', number[]][] = [
    ['mean', [2, 2, 5, 5, NaN]],
    ['std', [Math.SQRT2, Math.SQRT2, NaN, NaN, NaN]],
    ['min', [1, 1, 5, 5, NaN]],
    ['max', [3, 3, 5, 5, NaN]],
  ];
  it.each(cases)('%s of a group', (statistic, expected) => {
    const { values } = overGroups(column([1, 3, 5, 'nan', 9]), grouped, statistic);
    expect([...values]).toEqual(expected);
  });

  it('std of equal numbers is exactly 0', () => {
    expect(overGroups(column([0.1, 0.1]), { group: Int32Array.from([0, 0]), groups: 1 }, 'std').values[0]).toBe(0);
  });

  it('the total leaves words out, and is unknown where there is nothing else', () => {
    expect([...totalOf([column([1, 'nan', 'none']), column([2, 3, 'error'])], 3).values]).toEqual([3, 3, NaN]);
    expect([...plainColumn([1, NaN]).words]).toEqual([0, 4]);
  });
});
