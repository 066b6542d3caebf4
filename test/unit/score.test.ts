import { describe, expect, it } from 'vitest';
import { numbers, sameScore, toJson, toScore, type Score } from '../../src/domain/score';

describe('score', () => {
  const cases: [unknown, Score][] = [
    [0.5, 0.5],
    [true, 1],
    [NaN, 'nan'],
    [null, 'none'],
    ['withheld', 'withheld'],
    ['-inf', -Infinity],
    [undefined, 'unknown'],
    ['0.5', 'unknown'],
    [10n, 10],
  ];
  it.each(cases)('%s is %s', (value, score) => {
    expect(toScore(value)).toBe(score);
  });

  it('is never 0 for what is not a number', () => {
    for (const value of [null, undefined, NaN, 'none', 'error', {}, []]) expect(toScore(value)).not.toBe(0);
  });

  it('survives JSON', () => {
    const scores: Score[] = [0, -1.5, Infinity, -Infinity, 'none', 'nan', 'error', 'unknown', 'withheld'];
    const back = (JSON.parse(JSON.stringify(scores.map(toJson))) as unknown[]).map(toScore);
    expect(back).toEqual(scores);
  });

  it('compares words as words and numbers with a tolerance', () => {
    expect(sameScore('nan', 'nan')).toBe(true);
    expect(sameScore('none', 0)).toBe(false);
    expect(sameScore(0.1 + 0.2, 0.3)).toBe(true);
    expect(sameScore(Infinity, Infinity)).toBe(true);
    expect(numbers([1, 'nan', 2])).toEqual([1, 2]);
  });
});
