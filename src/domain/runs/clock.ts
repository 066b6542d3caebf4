import type { Series } from './metric';

/**
 * Seconds since the start for each of `steps`: by the moments at which steps were logged (unix seconds), else by adding up
 * what each step took; undefined where neither is known.
 */
export function clockOf(
  steps: readonly number[],
  walls: ReadonlyMap<number, number>,
  took: Series | undefined,
): readonly number[] | undefined {
  if (walls.size > 1) return byWalls(steps, walls);
  return took && took.steps.length > 1 ? bySums(steps, took) : undefined;
}

/** A step without a moment gets that of the step before. */
function byWalls(steps: readonly number[], walls: ReadonlyMap<number, number>): number[] {
  const start = [...walls.values()].reduce((least, at) => Math.min(least, at), Infinity);
  let last = 0;
  return steps.map((step) => (last = (walls.get(step) ?? start + last) - start));
}

/** `took` tells the seconds of one step; steps between two logged ones are taken to last as long. */
function bySums(steps: readonly number[], took: Series): number[] {
  const at = new Map(took.steps.map((step, place) => [step, took.values[place] ?? NaN]));
  let sum = 0;
  let before = steps[0] === undefined ? 0 : steps[0] - 1;
  let seconds = 0;
  return steps.map((step) => {
    const now = at.get(step);
    if (now !== undefined && Number.isFinite(now)) seconds = now;
    sum += seconds * (step - before);
    before = step;
    return sum;
  });
}
