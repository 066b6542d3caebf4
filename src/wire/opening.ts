import type { Phase } from '../domain/phase';
import { thin } from '../domain/metric';
import type { Run } from '../domain/run';
import { toJson, toScore } from '../domain/score';
import type { NamedSeries } from '../domain/series';
import type { Curve, RunAct, RunHeader } from './runPanel';

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
  readonly phase?: Phase | undefined;
}

export function headerOf(run: Run, { step, steps, changedAt, phase }: Reached): RunHeader {
  const { name, state, folder, target, attempts, startedAt, endedAt } = run;
  const known = {
    step: step > 0 ? step : undefined,
    steps,
    changedAt: changedAt > 0 ? changedAt : undefined,
    startedAt,
    endedAt,
    phase: step === 0 && state === 'running' ? phase : undefined,
  };
  return { name, state, folder, target, attempts, about: aboutOf(run), can: actsOf(run), ...present(known) };
}

/** `trl 1.10.0`, `commit 1a2b3c4 (changed)`. */
function aboutOf({ launch }: Run): string[] {
  const versions = Object.entries(launch?.versions ?? {}).map(([name, version]) => `${name} ${version}`);
  const git = launch?.git ? [`commit ${launch.git.commit.slice(0, 7)}${launch.git.dirty ? ' (changed)' : ''}`] : [];
  return [...versions, ...git];
}

/** A run that we did not start is stopped where it was started. One that succeeded has nothing to go on with. */
function actsOf({ state, facts, locked, launch }: Run): RunAct[] {
  if (facts.adopted || locked !== undefined || !launch) return [];
  if (state === 'running' || state === 'queued') return ['stop', 'again'];
  return state === 'succeeded' ? ['again'] : ['resume', 'again'];
}

function present<T extends object>(values: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const entries = Object.entries(values).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as { [K in keyof T]?: Exclude<T[K], undefined> };
}
