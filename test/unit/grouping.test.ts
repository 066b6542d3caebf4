import { describe, expect, it } from 'vitest';
import { setScore, unknownScores } from '../../src/domain/rollouts/columns';
import { batchesOf, groupingByOrder, numberBlocks } from '../../src/domain/rollouts/grouping';
import type { Grouping } from '../../src/domain/rollouts/rollout';
import type { Score } from '../../src/domain/score';

function advantages(scores: readonly Score[]) {
  const column = unknownScores(scores.length);
  scores.forEach((score, row) => setScore(column, row, score));
  return column;
}

const FOUR = [1, -0.5, -0.25, -0.25];
const unknown = (why: RegExp): Grouping => ({ by: 'unknown', why: expect.stringMatching(why) as unknown as string });

describe('groups by order', () => {
  const cases: [string, Score[], number | undefined, Grouping][] = [
    ['arguments say so', [0, 0, 0, 0], 2, { by: 'order', size: 2, proof: 'args' }],
    ['arguments that do not divide', [0, 0, 0], 2, unknown(/num_generations = 2, but the 3 rows/)],
    ['smallest block that sums to zero', [...FOUR, ...FOUR], undefined, { by: 'order', size: 4, proof: 'advantages' }],
    ['pairs', [1, -1, 0.5, -0.5], undefined, { by: 'order', size: 2, proof: 'advantages' }],
    ['one group only', [2, -1, -1], undefined, { by: 'order', size: 3, proof: 'advantages' }],
    ['no signal', [0, 0, 0, 0], undefined, unknown(/no group id/)],
    ['no advantages', ['unknown', 'unknown'], undefined, unknown(/no group id/)],
    ['never zero', [1, 1, 1, 1], undefined, unknown(/No block length/)],
    ['a word proves nothing', ['nan', 'nan', 1, -1], undefined, { by: 'order', size: 2, proof: 'advantages' }],
  ];
  it.each(cases)('%s', (_name, scores, generations, expected) => {
    const facts = { batches: [[0, scores.length]] as const, advantage: advantages(scores) };
    expect(groupingByOrder({ ...facts, ...(generations === undefined ? {} : { generations }) })).toEqual(expected);
  });

  it('must hold in every step', () => {
    const advantage = advantages([1, -1, 1, -1, ...FOUR]);
    const batches = [[0, 4] as const, [4, 8] as const];
    expect(groupingByOrder({ batches, advantage })).toEqual({ by: 'order', size: 4, proof: 'advantages' });
  });

  it('numbers blocks over the whole run', () => {
    const group = new Int32Array(6).fill(-1);
    const blocks = [[0, 4] as const, [4, 6] as const];
    expect(numberBlocks(group, blocks, 2)).toBe(3);
    expect([...group]).toEqual([0, 0, 1, 1, 2, 2]);
  });

  it('makes one batch a step', () => {
    const step = Float64Array.from([1, 1, 2, NaN, NaN]);
    expect(batchesOf(step, 0, 5)).toEqual([
      [0, 2],
      [2, 3],
      [3, 5],
    ]);
    expect(batchesOf(step, 5, 5)).toEqual([]);
  });
});
