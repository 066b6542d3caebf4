import { isAbsolute, posix } from 'node:path';
import * as vscode from 'vscode';
import { Problem } from '../../domain/problem';
import type { Run } from '../../domain/runs/run';
import type { Disk } from '../../machine/disk';
import type { ShownTexts } from './scripts';

const { basename } = posix;

/** Opens a file that a traceback names: as it stands, else below the workspace or around the run's folder. */
export async function openSource(path: string, line: number, folder: string): Promise<void> {
  const roots = [
    ...(vscode.workspace.workspaceFolders ?? []).map(({ uri }) => uri),
    ...['.', '..', '../..'].map((up) => vscode.Uri.joinPath(vscode.Uri.file(folder), up)),
  ];
  const places = isAbsolute(path) ? [vscode.Uri.file(path)] : roots.map((root) => vscode.Uri.joinPath(root, path));
  for (const place of places) {
    if (!(await isThere(place))) continue;
    const at = new vscode.Position(Math.max(0, line - 1), 0);
    await vscode.window.showTextDocument(place, { selection: new vscode.Range(at, at), preview: true });
    return;
  }
  throw new Problem({
    code: 'missing',
    message: `${path} is not on this machine, neither in the workspace nor around the run.`,
  });
}

interface Far {
  readonly run: Run;
  readonly disk: Disk;
  readonly texts: ShownTexts;
}

/** Bytes of a file of another machine that are shown. */
const MOST = 2_000_000;

/** Shows a file of the run's machine, as it is there now; it cannot be changed from here. */
export async function showSource({ run, disk, texts }: Far, path: string, line: number): Promise<void> {
  const places = path.startsWith('/')
    ? [path]
    : [run.launch?.cwd ?? run.folder, run.folder].map((at) => `${at}/${path}`);
  for (const place of places) {
    const { bytes, size } = await disk.read(place, 0, MOST);
    if (size > 0) return texts.show(basename(path), new TextDecoder().decode(bytes), line);
  }
  throw new Problem({ code: 'missing', message: `${path} is not on ${run.target}, or cannot be read there.` });
}

async function isThere(place: vscode.Uri): Promise<boolean> {
  try {
    return (await vscode.workspace.fs.stat(place)).type === vscode.FileType.File;
  } catch (error) {
    if (error instanceof vscode.FileSystemError) return false;
    throw error;
  }
}

/** Saves a picture where the user wants it, or puts its description on the clipboard. */
export async function keepPicture({
  name,
  kind,
  data,
}: {
  name: string;
  kind: 'png' | 'svg' | 'copy';
  data: string;
}): Promise<void> {
  if (kind === 'copy') {
    await vscode.env.clipboard.writeText(data);
    vscode.window.setStatusBarMessage('Copied as vega-lite.', 3000);
    return;
  }
  const file = `${name.replace(/[^\w.-]+/g, '-')}.${kind}`;
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const place = await vscode.window.showSaveDialog({
    ...(folder ? { defaultUri: vscode.Uri.joinPath(folder, file) } : {}),
    filters: { [kind.toUpperCase()]: [kind] },
  });
  if (place) await vscode.workspace.fs.writeFile(place, Buffer.from(data, kind === 'png' ? 'base64' : 'utf8'));
}
