import { parentPort, workerData } from 'node:worker_threads';
import { tableGuards, type TableProtocol } from '../../wire/completionsPanel';
import { serve } from '../../wire/wire';
import { FarRollouts } from '../rollouts/far';
import { LiveTable, type LiveOptions } from './live';
import { Targets } from '../hosts/targets';
import { portOf } from '../threadPort';

/** What the thread is started with. */
export interface TableWork {
  readonly path: string;
  readonly options: Omit<LiveOptions, 'far'>;
  /** The target whose path it is; absent for this machine. */
  readonly far?: Far;
}

interface Far {
  readonly target: string;
  /** Our folder `python`. */
  readonly python: string;
  /** What the user told of their ssh. */
  readonly ssh: { readonly path?: string; readonly config?: string };
}

if (parentPort) {
  const { path, options, far } = workerData as TableWork;
  const open = far && ((): Promise<FarRollouts> => openFar(far, path));
  const live = new LiveTable(path, { ...options, far: open });
  const served = serve<TableProtocol>(portOf(parentPort), tableGuards, live.methods);
  live.onGrown((opening) => served.tell('grown', opening));
}

/** The target's own connection of this thread: it ends with the thread. */
async function openFar({ target, python, ssh }: Far, path: string): Promise<FarRollouts> {
  const { host } = await new Targets({ python, sshSettings: () => ssh }).get(target);
  return FarRollouts.open(host, path);
}
