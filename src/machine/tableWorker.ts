import { parentPort, workerData } from 'node:worker_threads';
import { tableGuards, type TableProtocol } from '../wire/completionsPanel';
import { serve } from '../wire/wire';
import type { TableOptions } from './table';
import { LiveTable } from './tableLive';
import { portOf } from './threadPort';

/** What the thread is started with. */
export interface TableWork {
  readonly path: string;
  readonly options: TableOptions;
}

if (parentPort) {
  const { path, options } = workerData as TableWork;
  const live = new LiveTable(path, options);
  const served = serve<TableProtocol>(portOf(parentPort), tableGuards, live.methods);
  live.onGrown((opening) => served.tell('grown', opening));
}
