import { expect, test } from 'vitest';
import { describeRow, rowChange } from '../../src/domain/rewards/rowChange';

test.each([
  [{ a: 1 }, { a: 1 }, 'leaves the row as it is'],
  [{ a: 1, b: [1] }, { b: [2], c: 3 }, 'adds c · changes b · drops a'],
  [{}, { a: 1, b: 2, c: 3, d: 4, e: 5 }, 'adds a, b, c, d …'],
])('%j → %j: %s', (before, after, said) => {
  expect(describeRow(rowChange(before, after))).toBe(said);
});
