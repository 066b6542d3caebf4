import type { Run } from './run';

/**
 * Runs of several targets, each run once: targets that share their home (a file system of a cluster, this machine reached
 * over ssh as well) all tell of the same folders. It stays with the target that knows how it fares, then with the one that
 * it was started on, then with the first.
 */
export function onceEach(runs: readonly Run[]): Run[] {
  const best = new Map<string, Run>();
  for (const run of runs) {
    const before = best.get(keyOf(run));
    if (!before || worth(run) > worth(before)) best.set(keyOf(run), run);
  }
  return runs.filter((run) => best.get(keyOf(run)) === run);
}

function keyOf({ id, folder, launch }: Run): string {
  return JSON.stringify([id, folder, launch?.createdAt]);
}

/** A process is seen only from the machine that it is on: elsewhere the state is unknown. */
function worth({ state, target, launch }: Run): number {
  return (state === 'unknown' ? 0 : 2) + (target === launch?.target ? 1 : 0);
}
