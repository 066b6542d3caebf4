import { rm } from 'node:fs/promises';
import { Worker } from 'node:worker_threads';
import type { Disposable } from '../../base/disposable';
import type { TableProtocol } from '../../wire/completionsPanel';
import { call, type Called } from '../../wire/wire';
import { Brought } from '../rewards/brought';
import { temporaryFolder } from '../temporary';
import { portOf } from '../threadPort';
import type { TableWork } from './worker';

/** A table in a thread of its own, so that reading a gigabyte never holds up the editor. */
export interface TableThread extends Disposable {
  readonly table: Called<TableProtocol>;
  /** For rows of a host, which have to be here to be scored. */
  readonly brought: Brought;
}

/** Most memory that the thread's objects may take, in MiB; columns and file bytes are counted apart. */
const HEAP_MB = 1024;

/** Starts the thread; `script` is the bundle of `tableWorker.ts`. */
export function startTable(script: string, work: TableWork): TableThread {
  const folder = temporaryFolder();
  const worker = new Worker(script, {
    workerData: work,
    resourceLimits: { maxOldGenerationSizeMb: HEAP_MB },
    env: { ...process.env, TMPDIR: folder, TEMP: folder, TMP: folder },
  });
  // A thread that is ended cannot tidy up: the copies that it made go with their folder.
  worker.on('exit', () => void rm(folder, { recursive: true, force: true }));
  const table = call<TableProtocol>(portOf(worker));
  // A worker that dies closes its port, and every open call ends with a problem; without a listener Node would throw.
  worker.on('error', () => table.dispose());
  const brought = new Brought(table);
  return {
    table,
    brought,
    dispose: () => {
      brought.dispose();
      table.dispose();
      void worker.terminate();
    },
  };
}
