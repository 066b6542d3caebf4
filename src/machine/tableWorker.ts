import { parentPort, workerData } from 'node:worker_threads';
import { completionsPanelGuards, type CompletionsPanel } from '../wire/completionsPanel';
import { serve } from '../wire/wire';
import { openTable, type TableOptions } from './table';
import { portOf } from './threadPort';
import { TableView } from './tableView';

/** What the thread is started with. */
export interface TableWork {
  readonly path: string;
  readonly options: TableOptions;
}

if (parentPort) {
  const { path, options } = workerData as TableWork;
  const view = openTable(path, options).then((table) => new TableView(table));
  // A table that cannot be opened answers every question with its problem.
  view.catch(() => undefined);
  serve<CompletionsPanel>(portOf(parentPort), completionsPanelGuards, {
    hello: async () => (await view).opening(),
    view: async ({ query }, signal) => (await view).view(query, signal),
    rows: async ({ view: id, from, to }) => (await view).rows(id, from, to),
    detail: async ({ row }) => (await view).detail(row),
  });
}
