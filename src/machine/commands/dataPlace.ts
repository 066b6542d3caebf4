import { resolve } from 'node:path';
import { bringDataset, type MediaPlace } from '../data/brought';
import type { Output } from './command';
import { interruptible } from './interruptible';
import { withTargets } from './open';

/** A data set as a verb reads it: its file, or the copy of it here, and where its media are. */
export interface Placed extends MediaPlace {
  readonly file: string;
}

interface Named {
  readonly file: string;
  /** The target that has it; this machine where it is not set. */
  readonly target?: string | undefined;
  readonly images?: string | undefined;
}

/** Uses a data set of this machine, or one of a target, which is copied here first. Errors: those of the connection. */
export async function withDataset<T>(named: Named, output: Output, use: (placed: Placed) => Promise<T>): Promise<T> {
  const { file, target, images } = named;
  if (target === undefined || target === 'here')
    return use({ file: resolve(file), ...(images === undefined ? {} : { mediaFolder: resolve(images) }) });
  return withTargets(output, async (targets) => {
    const there = await targets.get(target);
    const { mediaFolder, disk, file: copy } = await interruptible((signal) => bringDataset(there, file, { signal }));
    return use({ file: copy, disk, mediaFolder: images ?? mediaFolder });
  });
}
