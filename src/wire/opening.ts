import type { Phase } from '../domain/runs/phase';
import { thin } from '../domain/runs/metric';
import type { Run } from '../domain/runs/run';
import { toJson, toScore } from '../domain/score';
import type { NamedSeries } from '../domain/runs/series';
import type { TrackerPage } from '../domain/runs/tracker';
import type { Curve, RunAct, RunHeader } from './runPanel';

/**
 * A curve as the page gets it: at most about `width` points, words for what is no number. Where it is sent as it is, only
 * what changed after that many changes (`sent`) is in it, and `after` says how many points stand before.
 */
export function curveOf(series: NamedSeries, width: number, sent = -1): Curve {
  const whole = series.steps.length <= width;
  const first = whole && sent >= 0 ? (series.changes?.findIndex((change) => change > sent) ?? 0) : 0;
  const after = Math.max(0, first);
  const { steps, values } = whole ? series : thin(series, width);
  return {
    name: series.name,
    original: series.original,
    steps: steps.slice(after),
    values: values.slice(after).map((value) => toJson(toScore(value))),
    ...(after > 0 ? { after } : {}),
  };
}

/** How far a run is. `step` 0: nothing is known yet. */
export interface Reached {
  readonly step: number;
  readonly steps: number | undefined;
  readonly changedAt: number;
  readonly phase?: Phase | undefined;
  readonly tracker?: TrackerPage | undefined;
}

/** What an attempt met: a host, its GPUs, packages, a commit. */
export interface Surrounding {
  readonly host: string;
  readonly gpus: readonly { readonly name: string }[];
  readonly packages: Readonly<Record<string, string>>;
  readonly git?: { readonly commit: string; readonly changed: readonly string[] } | null | undefined;
}

export function headerOf(run: Run, { step, steps, changedAt, phase, tracker }: Reached, met?: Surrounding): RunHeader {
  const { name, state, folder, target, attempts, startedAt, endedAt } = run;
  const known = {
    step: step > 0 ? step : undefined,
    steps,
    changedAt: changedAt > 0 ? changedAt : undefined,
    startedAt,
    endedAt,
    phase: step === 0 && state === 'running' ? phase : undefined,
    host: met?.host,
    exit: run.facts.exit,
    tracker,
  };
  return { name, state, folder, target, attempts, about: aboutOf(run, met), can: actsOf(run), ...present(known) };
}

/** `8 × NVIDIA H200`, `trl 1.10.0`, `commit 1a2b3c4 (changed)`. */
function aboutOf({ launch, facts }: Run, met: Surrounding | undefined): string[] {
  const versions = Object.entries(met?.packages ?? launch?.versions ?? {}).map(
    ([name, version]) => `${name} ${version}`,
  );
  const says = facts.scheduler?.says;
  return [...(says === undefined ? [] : [says]), ...gpusOf(met), ...versions, ...commitOf(launch, met)];
}

function gpusOf(met: Surrounding | undefined): string[] {
  const names = [...new Set(met?.gpus.map(({ name }) => name))];
  return names.map((name) => `${met?.gpus.filter((gpu) => gpu.name === name).length} × ${name}`);
}

function commitOf(launch: Run['launch'], met: Surrounding | undefined): string[] {
  const commit = met?.git?.commit ?? launch?.git?.commit;
  if (commit === undefined) return [];
  const changed = met?.git ? met.git.changed.length > 0 : launch?.git?.dirty === true;
  return [`commit ${commit.slice(0, 7)}${changed ? ' (changed)' : ''}`];
}

/** A run that we did not start is stopped where it was started. One that succeeded has nothing to go on with. */
function actsOf({ state, facts, locked, launch }: Run): RunAct[] {
  if (facts.adopted || locked !== undefined || !launch) return ['folder'];
  if (state === 'running' || state === 'queued') return ['stop', 'again', 'change', 'folder'];
  return [...(state === 'succeeded' ? [] : ['resume' as const]), 'again', 'change', 'folder'];
}

function present<T extends object>(values: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const entries = Object.entries(values).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as { [K in keyof T]?: Exclude<T[K], undefined> };
}
