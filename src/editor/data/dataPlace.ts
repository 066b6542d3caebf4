import * as vscode from 'vscode';
import type { DataPlace } from '../../contributions';
import { bringDataset, type Brought } from '../../machine/data/brought';
import type { Targets } from '../../machine/hosts/targets';
import { askTarget } from '../chores/asking';
import { withProgress } from './progress';

/** A data set that can be read here: its own file, or the copy of one that lies on a host. */
export interface DataFile {
  readonly file: string;
  readonly far?: Brought;
}

/** A kind of files, and how they are asked for. */
export interface FileKind {
  readonly ends: readonly string[];
  readonly title: string;
}

const DATA: FileKind = { ends: ['jsonl', 'json', 'parquet'], title: 'Data set' };

/** The data set that was named, else the one that is open, else one that is asked for, on this machine or a host. */
export async function dataFile(place: DataPlace | undefined, targets: Targets): Promise<DataFile | undefined> {
  if (typeof place === 'object' && 'target' in place) return brought(targets, place.target, place.path);
  const known = openFile(place, DATA);
  if (known !== undefined) return { file: known };
  const target = await askTarget(targets);
  if (target === undefined) return undefined;
  if (target !== 'here') {
    const path = await vscode.window.showInputBox({
      title: `Data set on ${target}`,
      value: '~/',
      ignoreFocusOut: true,
    });
    return path === undefined ? undefined : brought(targets, target, path);
  }
  const file = await askFile(DATA);
  return file === undefined ? undefined : { file };
}

async function brought(targets: Targets, target: string, path: string): Promise<DataFile> {
  const found = await targets.get(target);
  const title = `Copying ${path.split('/').at(-1) ?? ''} from ${target}`;
  const far = await withProgress(
    title,
    (signal, told) => bringDataset(found, path, { signal, progress: (done) => told(Math.round(done)) }),
    'MB',
  );
  return { file: far.file, far };
}

/** The file that was named, else the one that is open, else one that is asked for. */
export async function fileOf(
  place: string | { readonly fsPath: string } | undefined,
  kind: FileKind,
): Promise<string | undefined> {
  return openFile(place, kind) ?? (await askFile(kind));
}

function openFile(place: string | { readonly fsPath: string } | undefined, { ends }: FileKind): string | undefined {
  if (place !== undefined) return typeof place === 'string' ? place : place.fsPath;
  const open = vscode.window.activeTextEditor?.document.uri;
  return open?.scheme === 'file' && ends.some((end) => open.fsPath.endsWith(`.${end}`)) ? open.fsPath : undefined;
}

async function askFile({ ends, title }: FileKind): Promise<string | undefined> {
  const chosen = await vscode.window.showOpenDialog({ title, filters: { [title]: [...ends] } });
  return chosen?.[0]?.fsPath;
}
