import type { Score } from '../score';

/** How good a score is; what is no number is worse than every number, since it needs a look first. */
function worth(score: Score | undefined): number {
  return typeof score === 'number' ? score : -Infinity;
}

/** The first sample that did not get the best score, which is where a look pays; 0 where all are equal. */
export function firstOf(scores: readonly Score[]): number {
  const best = scores.reduce<number>((most, score) => Math.max(most, worth(score)), -Infinity);
  return Math.max(
    0,
    scores.findIndex((score) => worth(score) < best),
  );
}

/** The next sample after `after` with the worst score of all, round the end; -1 for none. */
export function worstOf(scores: readonly Score[], after: number): number {
  const worst = scores.reduce<number>((least, score) => Math.min(least, worth(score)), Infinity);
  for (let step = 1; step <= scores.length; step++) {
    const at = (after + step) % scores.length;
    if (worth(scores[at]) === worst) return at;
  }
  return -1;
}

/**
 * The best sample among those that only differ in what the model wrote: of the same group where groups are known, and
 * with the same values of all that the reward compares with. -1: none is better.
 */
export function betterOf(scores: readonly Score[], alike: (other: number) => boolean, sample: number): number {
  let best = -1;
  let most = worth(scores[sample]);
  scores.forEach((score, other) => {
    if (other === sample || worth(score) <= most || !alike(other)) return;
    [best, most] = [other, worth(score)];
  });
  return best;
}
