import type { Run } from '../../domain/runs/run';
import { checkpointsBelow } from '../runs/checkpoints';
import { diskOf } from '../disk';
import { RunMetrics } from '../runs/metrics';
import type { Runs } from '../runs/runs';

/** A checkpoint of a run with what was measured when it was written. */
export interface Saved {
  readonly run: string;
  readonly step: number;
  readonly path: string;
  /** Mean rewards of the last step at or before it, by name; `reward` is the total. */
  readonly rewards: Readonly<Record<string, number>>;
}

const REWARD = /^reward$|^rewards\/(.+)\/mean$/;

/** Every checkpoint below these runs' outputs, the newest step first. */
export async function savedSteps(runs: Runs, known: readonly Run[]): Promise<readonly Saved[]> {
  const all = await Promise.all(known.map((run) => savedBy(runs, run)));
  return all.flat().sort((a, b) => b.step - a.step);
}

async function savedBy(runs: Runs, run: Run): Promise<readonly Saved[]> {
  const outputs = run.outputs ?? run.folder;
  const found = await checkpointsBelow(runs, run, outputs);
  if (found.length === 0) return [];
  const metrics = new RunMetrics([...new Set([run.folder, outputs])], diskOf(runs, run));
  await metrics.refresh();
  return found.map(({ step, path }) => ({ run: run.name, step, path, rewards: rewardsAt(metrics, step) }));
}

function rewardsAt({ curves }: RunMetrics, step: number): Record<string, number> {
  const named = curves.all().flatMap(({ name, steps, values }) => {
    const match = REWARD.exec(name);
    const at = steps.findLastIndex((one) => one <= step);
    const value = values[at];
    return match && value !== undefined ? [[match[1] ?? name, value] as const] : [];
  });
  return Object.fromEntries(named);
}
