import { wordOf } from '../rollouts/distribution';
import { sameAsRecorded, type Score } from '../score';

/** A sample whose score an edit changed. */
export interface Flip {
  readonly sample: number;
  readonly before: Score;
  readonly after: Score;
}

/** Samples whose scores differ, both lists in the order of the samples. */
export function flipsOf(before: readonly Score[], after: readonly Score[]): Flip[] {
  return after.flatMap((score, sample) => {
    const old = before[sample];
    return old === undefined || sameAsRecorded(old, score) ? [] : [{ sample, before: old, after: score }];
  });
}

/** Scores that others are compared with, and what they are, for people: `the record`. */
export interface Baseline {
  readonly name: string;
  readonly scores: readonly Score[];
}

/** `flips 14 of 512 against the record (10 × 0 → 1, 4 × 1 → 0)`; '' where nothing differs. */
export function describeFlips({ name, scores }: Baseline, after: readonly Score[]): string {
  const flips = flipsOf(scores, after);
  if (flips.length === 0) return '';
  const kinds = new Map<string, number>();
  for (const { before, after } of flips) {
    const kind = `${wordOf(before)} → ${wordOf(after)}`;
    kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  }
  const ordered = [...kinds].sort(([, a], [, b]) => b - a);
  const shown = ordered.slice(0, 3).map(([kind, count]) => `${count} × ${kind}`);
  const more = ordered.length > shown.length ? [`${ordered.length - shown.length} other kinds`] : [];
  return `flips ${flips.length} of ${after.length} against ${name} (${[...shown, ...more].join(', ')})`;
}
