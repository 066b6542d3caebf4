import { expect, it } from 'vitest';
import { counted } from '../../src/base/counted';

it.each([
  [0, '0 rows'],
  [1, '1 row'],
  [2, '2 rows'],
  [28_160, '28,160 rows'],
])('%d of a thing are called %s', (count, expected) => {
  expect(counted(count, 'row')).toBe(expected);
});
