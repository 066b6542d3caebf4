import type { Finding } from '../../finding';
import type { Sheet } from '../../sheet';

/** ms-swift's rules between parameters. */
export function swiftRules(_sheet: Sheet): Finding[] {
  return [];
}
