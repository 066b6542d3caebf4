import { stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { findOutputs } from '../runs/outputs';
import { projectFolders } from '../config/project';
import { findRollouts } from '../rollouts/find';

/**
 * Where samples for a reward file may be, nearest first: `NAME.samples.jsonl` and `samples.jsonl` beside it, then runs
 * with completions below its folder, then `samples.jsonl` in a folder of the same project above it.
 */
export async function samplesNear(file: string): Promise<string[]> {
  const folder = dirname(file);
  const own = basename(file, '.py');
  const written = [`${own}.samples.jsonl`, `${own}.playground.jsonl`, 'samples.jsonl'].map((name) =>
    join(folder, name),
  );
  const runs = await findOutputs(folder);
  const above = (await projectFolders(folder)).slice(1).map((each) => join(each, 'samples.jsonl'));
  const all = [...written, ...runs, ...above];
  const held = await Promise.all(all.map(holdsRollouts));
  return all.filter((_, at) => held[at]);
}

async function holdsRollouts(path: string): Promise<boolean> {
  return stat(path)
    .then(() => findRollouts(path))
    .then(
      () => true,
      () => false,
    );
}
