import { Problem } from '../../domain/problem';
import type { Run } from '../../domain/runs/run';
import type { Runs } from './runs';

/** `checkpoint-40`, `global_step_40`. */
const CHECKPOINT = /^(?:checkpoint-|global_step_)(\d+)$/;

/** The folder of the newest checkpoint below `outputs`, one level down too (a version folder); undefined without one. */
export async function lastCheckpoint(runs: Runs, run: Run, outputs: string): Promise<string | undefined> {
  const found = await checkpointsBelow(runs, run, outputs);
  return found.sort((a, b) => a.step - b.step).at(-1)?.path;
}

/** A checkpoint's folder with the step that its name tells. */
interface Found {
  readonly step: number;
  readonly path: string;
}

/** Every checkpoint below a folder, one level down too (a version folder). */
export async function checkpointsBelow(runs: Runs, run: Run, folder: string, deeper = true): Promise<Found[]> {
  const entries = await runs.entries(run, folder).catch((error: unknown) => {
    if (error instanceof Problem && error.code === 'missing') return [];
    throw error;
  });
  const folders = entries.filter((entry) => entry.folder).map(({ name }) => name);
  const here = folders.flatMap((name) => {
    const step = CHECKPOINT.exec(name)?.[1];
    return step === undefined ? [] : [{ step: Number(step), path: `${folder}/${name}` }];
  });
  if (here.length > 0 || !deeper) return here;
  return (await Promise.all(folders.map((name) => checkpointsBelow(runs, run, `${folder}/${name}`, false)))).flat();
}
