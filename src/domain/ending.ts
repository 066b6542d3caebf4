import type { Run, RunId } from './runs/run';

/** Runs that were seen going, each with its target: what one window keeps for the next. */
export type Going = Readonly<Record<RunId, string>>;

/** How an end is told. */
export interface EndWords {
  readonly weight: 'info' | 'warning' | 'error';
  readonly text: string;
}

export const isGoing = ({ state }: Pick<Run, 'state'>): boolean => state === 'running' || state === 'queued';

/** Those of the runs that were going and go no more, whoever saw them last. */
export function endedSince(before: Going, runs: readonly Run[]): readonly Run[] {
  return runs.filter((run) => before[run.id] !== undefined && !isGoing(run));
}

/** What goes now. What went on a target of which nothing was told is not forgotten: it may be slow. */
export function goingAfter(before: Going, runs: readonly Run[]): Going {
  const told = new Set(runs.map(({ target }) => target));
  const left = Object.entries(before).filter(([, target]) => !told.has(target));
  return Object.fromEntries([...left, ...runs.filter(isGoing).map(({ id, target }) => [id, target] as const)]);
}

/** Nothing of an adopted run that is quiet: nobody knows whether it has ended. */
export function endWords({ name, state, facts }: Run): EndWords | undefined {
  if (state === 'succeeded') return { weight: 'info', text: `${name} has succeeded.` };
  if (state === 'stopped') return { weight: 'info', text: `${name} was stopped.` };
  if (state === 'failed') return { weight: 'error', text: `${name} has failed.` };
  if (state !== 'unknown' || facts.adopted) return undefined;
  return { weight: 'warning', text: `${name} is gone and left no exit status: its machine may have been restarted.` };
}
