import { basename, dirname } from 'node:path';
import * as vscode from 'vscode';
import type { DataRecord } from '../../domain/dataset/dataset';
import type { RawRecord } from '../../domain/rollouts/rollout';
import { shippedGrammars } from '../../machine/config/grammars';
import type { CheckReport } from '../../machine/data/check';
import { itemOf, mediaFolders, openPaged, sourcesBeside, type Paged, type Sources } from '../../machine/data/paged';
import { farSources } from '../../machine/data/pictures';
import { reportOf, seenItem } from '../../machine/data/reported';
import { viewerOf, type Viewer, type ViewWish } from '../../machine/data/seeing';
import { dataPanelGuards, type DataItem, type DataOpening, type DataPanel } from '../../wire/dataPanel';
import type { DataFile } from './dataPlace';
import { askView } from './dataWith';
import type { Pages } from '../panel';

/** What a page of a data set starts with. */
export interface Browsing {
  /** Our own folder `python`. */
  readonly python: string;
  readonly report?: CheckReport;
  readonly view?: ViewWish;
  /** Checks the set, asking what it needs; undefined: given up. */
  readonly check: () => Promise<CheckReport | undefined>;
}

/** Opens the page that shows a data set's records with their pictures, and what a check found or a model sees of them. */
export async function browseDataset(pages: Pages, { file, far }: DataFile, start: Browsing): Promise<void> {
  const paged = await openPaged(file);
  const panel = vscode.window.createWebviewPanel('grpoLens.data', basename(file), vscode.ViewColumn.Active, {});
  const beside = sourcesBeside(file, (path) => panel.webview.asWebviewUri(vscode.Uri.file(path)).toString());
  const sourcesFor = (records: readonly RawRecord[]): Promise<Sources> | Sources =>
    far ? farSources(far, start.python, understood(paged, records)) : beside;
  const viewerBy = async (wish: ViewWish): Promise<Viewer> =>
    viewerOf(file, paged.form, {
      ...wish,
      ...(far ? { mediaFolder: far.mediaFolder, disk: far.disk } : {}),
      // A configuration may be written in Python.
      ...(wish.config === undefined ? {} : { grammars: await shippedGrammars(dirname(start.python)) }),
    });
  let viewer = start.view && (await viewerBy(start.view));
  let report = start.report;
  const opening = (): DataOpening => ({
    name: far ? `${basename(file)} on ${far.target}` : basename(file),
    form: paged.form?.name ?? null,
    rows: paged.rows,
    model: viewer?.model ?? null,
    report: report ? reportOf(report) : null,
  });
  pages.fill<DataPanel>(
    panel,
    {
      bundle: 'data',
      guards: dataPanelGuards,
      methods: {
        hello: opening,
        page: async ({ from, count }) => {
          const records = await paged.records(from, Math.min(paged.rows, from + count));
          const sources = await sourcesFor(records);
          const items = records.map((record, at) => itemOf(from + at, record, paged.form, sources));
          return viewer ? Promise.all(items.map((item, at) => seenBy(viewer, item, paged, records[at]))) : items;
        },
        look: async ({ through }) => {
          const wish = through === 'model' ? await askView(file, 'What the model sees, by…') : null;
          if (wish !== undefined) viewer = wish ? await viewerBy(wish) : undefined;
          return opening();
        },
        check: async () => {
          report = (await start.check()) ?? report;
          return opening();
        },
      },
    },
    far ? [] : await rootsOf(paged, file),
  );
}

function understood({ form }: Paged, records: readonly RawRecord[]): readonly DataRecord[] {
  const all = records.map((record) => form?.read(record));
  return all.filter((read) => typeof read === 'object');
}

async function seenBy(
  viewer: Viewer | undefined,
  item: DataItem,
  { form }: Paged,
  raw: RawRecord | undefined,
): Promise<DataItem> {
  const read = raw && form?.read(raw);
  if (!viewer || read === undefined || typeof read === 'string') return item;
  return { ...item, seen: seenItem(await viewer.see(read)) };
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
