import { basename } from 'node:path';
import * as vscode from 'vscode';
import { Disposables, type Disposable } from '../../base/disposable';
import { replaceSources } from '../../domain/rewards/debugPaths';
import { isCell, sourceOf } from './cells';

/** The file that a debugger reads in place of a cell. */
interface StandIn {
  readonly cell: string;
  readonly file: string;
}

/** The path that is debugged: a document's own, or a file with the lines of a cell at the same places. */
export async function debuggedPath(
  document: vscode.TextDocument,
  storage: vscode.Uri,
): Promise<{ readonly path: string; readonly standIn?: StandIn }> {
  if (!isCell(document)) {
    if (document.isDirty) await document.save();
    return { path: document.fileName };
  }
  const place = vscode.Uri.joinPath(storage, `${basename(document.fileName, '.ipynb')}-cell.py`);
  await vscode.workspace.fs.writeFile(place, Buffer.from(sourceOf(document)));
  return { path: place.fsPath, standIn: { cell: document.uri.toString(), file: place.fsPath } };
}

/** In sessions that debug a cell, breakpoints and frames of the file that stands for it are those of the cell. */
export function registerCellDebugging(types: readonly string[]): Disposable {
  const owned = new Disposables();
  const createDebugAdapterTracker = ({
    configuration,
  }: vscode.DebugSession): vscode.DebugAdapterTracker | undefined => {
    const standIn = configuration['grpoLensCell'] as StandIn | undefined;
    if (!standIn) return undefined;
    return {
      onWillReceiveMessage: (message: unknown) => replaceSources(message, standIn.cell, standIn.file),
      onDidSendMessage: (message: unknown) => replaceSources(message, standIn.file, standIn.cell),
    };
  };
  for (const type of types)
    owned.add(vscode.debug.registerDebugAdapterTrackerFactory(type, { createDebugAdapterTracker }));
  return owned;
}
