import type { Finding } from '../config/finding';
import type { Surroundings } from '../frameworks/framework';
import { check } from './check';
import type { Judged } from './resolve';

/** Findings of all sheets of a document. What commands share (an array, the arguments of a function) is said once. */
export function checkAll(judged: readonly Judged[], around: Surroundings): Finding[] {
  const all = judged.flatMap((one) => check(one, around));
  const first = new Map(all.toReversed().map((finding) => [sayingOf(finding), finding]));
  return all.filter((finding) => first.get(sayingOf(finding)) === finding);
}

function sayingOf({ span, rule, text }: Finding): string {
  return `${span.start} ${span.end} ${rule} ${text}`;
}
