import { expect, it } from 'vitest';
import { firstDifference } from '../support/shellEdits';

it.each([1, 2, 3, 4])('250 edits by chance read as if the script were read as a whole, from %i', (seed) => {
  expect(firstDifference(seed, 250)).toBeUndefined();
});
