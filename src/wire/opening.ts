import { thin } from '../domain/metric';
import type { Run } from '../domain/run';
import { toJson, toScore } from '../domain/score';
import type { NamedSeries } from '../domain/series';
import type { Curve, RunHeader } from './runPanel';

/** A curve as the page gets it: at most about `width` points, words for what is no number. */
export function curveOf(series: NamedSeries, width: number): Curve {
  const { steps, values } = thin(series, width);
  return {
    name: series.name,
    original: series.original,
    steps: [...steps],
    values: values.map((value) => toJson(toScore(value))),
  };
}

/** How far a run is. `step` 0: nothing is known yet. */
export interface Reached {
  readonly step: number;
  readonly steps: number | undefined;
  readonly changedAt: number;
}

export function headerOf(run: Run, { step, steps, changedAt }: Reached): RunHeader {
  const { name, state, folder, target, attempts } = run;
  return {
    name,
    state,
    folder,
    target,
    attempts,
    ...(step > 0 ? { step } : {}),
    ...(steps === undefined ? {} : { steps }),
    ...(changedAt > 0 ? { changedAt } : {}),
  };
}
