import { expect, it } from 'vitest';
import { firstDifference } from '../support/shellEdits';

const seeds = Array.from({ length: 20 }, (_, at) => 100 + at);

it.each(seeds)('10,000 edits by chance read as if the script were read as a whole, from %i', async (seed) => {
  expect(await firstDifference(seed, 10_000)).toBeUndefined();
});
