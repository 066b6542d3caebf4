import { basename, dirname } from 'node:path';
import * as vscode from 'vscode';
import { itemOf, mediaFolders, openPaged, type Paged } from '../machine/data/paged';
import { dataPanelGuards, type DataPanel } from '../wire/dataPanel';
import type { Pages } from './panel';

/** Opens the page that shows a data set's records with their pictures. */
export async function browseDataset(pages: Pages, file: string): Promise<void> {
  const paged = await openPaged(file);
  const panel = vscode.window.createWebviewPanel('grpoLens.data', basename(file), vscode.ViewColumn.Active, {});
  const sourceOf = (path: string): string => panel.webview.asWebviewUri(vscode.Uri.file(path)).toString();
  pages.fill<DataPanel>(
    panel,
    {
      bundle: 'data',
      guards: dataPanelGuards,
      methods: {
        hello: () => ({ name: basename(file), form: paged.form?.name ?? null, rows: paged.rows }),
        page: async ({ from, count }) => {
          const records = await paged.records(from, Math.min(paged.rows, from + count));
          return records.map((record, at) => itemOf(from + at, record, paged.form, { file, sourceOf }));
        },
      },
    },
    await rootsOf(paged, file),
  );
}

/** Folders of the first records' pictures, the data set's own and the workspace's. */
async function rootsOf(paged: Paged, file: string): Promise<readonly vscode.Uri[]> {
  const first = await paged.records(0, Math.min(100, paged.rows));
  const folders = first.flatMap((record) => {
    const read = paged.form?.read(record);
    return read === undefined || typeof read === 'string' ? [] : mediaFolders(file, read);
  });
  const workspace = (vscode.workspace.workspaceFolders ?? []).map(({ uri }) => uri);
  return [...new Set([dirname(file), ...folders])].map((folder) => vscode.Uri.file(folder)).concat(workspace);
}
