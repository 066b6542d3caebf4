import { expect, it } from 'vitest';
import { firstDifference } from '../support/shellEdits';

it.each([1, 2, 3, 4, 5, 6, 7, 8])(
  '125 edits by chance read as if the script were read as a whole, from %i',
  async (seed) => {
    expect(await firstDifference(seed, 125)).toBeUndefined();
  },
);
