import type { Sheet } from '../sheet';
import type { Framework } from './framework';
import { swift } from './swift';

/** Every framework that ships with us. */
export const frameworks: readonly Framework[] = [swift];

/** The framework that a sheet is written for; undefined for everything else that a document holds. */
export function which(sheet: Sheet): Framework | undefined {
  let best: Framework | undefined;
  let score = 0;
  for (const framework of frameworks) {
    const own = framework.isIn(sheet);
    if (own > score) [best, score] = [framework, own];
  }
  return best;
}
