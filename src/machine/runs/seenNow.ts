import { Problem } from '../../domain/problem';
import type { Run } from '../../domain/runs/run';
import type { Runs } from './runs';

/** The run as it is now; undefined where its machine does not answer. Errors: `missing`, where it is there no more. */
export async function seenNow(runs: Runs, { id, target }: Run): Promise<Run | undefined> {
  try {
    const [seen] = await runs.some(target, [id]);
    if (seen) return seen;
  } catch (error) {
    if (error instanceof Problem) return undefined;
    throw error;
  }
  throw new Problem({ code: 'missing', message: `${id} is not on ${target} any more: its folder was removed.` });
}
