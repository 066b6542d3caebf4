import { describe, expect, it } from 'vitest';
import { readExpectations, withExpectations, writeExpectation } from '../../src/domain/rewards/expectation';

const line = (more: object): string => JSON.stringify({ reward: 'r', completion: 'c', score: 1, ...more });

describe('expectations', () => {
  const scores: [string, object, unknown][] = [
    ['a number', { score: 0.5 }, 0.5],
    ['an infinity', { score: '-inf' }, -Infinity],
    ['None', { score: null }, 'none'],
    ['a word', { score: 'error' }, 'error'],
    ['a list, which is no score', { score: [1] }, undefined],
    ['no score', { score: undefined }, undefined],
    ['no completion', { completion: undefined }, undefined],
    ['no reward', { reward: 3 }, undefined],
  ];
  it.each(scores)('%s', (_what, more, expected) => {
    const { expected: read, bad } = readExpectations(`\n${line(more)}\n`);
    expect(read.map(({ score }) => score)).toEqual(expected === undefined ? [] : [expected]);
    expect(bad.map((one) => one.line)).toEqual(expected === undefined ? [2] : []);
  });

  it('says which line is no JSON and reads the others', () => {
    const { expected, bad } = readExpectations(`${line({})}\n{half\n${line({ completion: 'd' })}`);
    expect(expected.map((one) => one.line)).toEqual([1, 3]);
    expect(bad).toEqual([{ line: 2, message: 'it is no JSON object' }]);
  });

  it('writes what it reads', () => {
    const [read] = readExpectations(line({ solution: 'ünï\n"', score: 'inf', conversational: true })).expected;
    expect(read && readExpectations(writeExpectation(read)).expected).toEqual([read]);
  });

  it('keeps the newer of two about one sample', () => {
    const added = readExpectations(line({ score: 0 })).expected;
    const text = withExpectations([line({}), '{half', line({ completion: 'd' })].join('\n'), added);
    const { expected, bad } = readExpectations(text);
    expect(bad.map((one) => one.line)).toEqual([1]);
    const result = expected.map(({ columns, score }) => [columns['completion'], score]);
    expect(result).toEqual([
      ['d', 1],
      ['c', 0],
    ]);
  });
});
