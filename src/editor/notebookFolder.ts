import { dirname } from 'node:path';
import * as vscode from 'vscode';

/** Folder that cells run in: the notebook's own, or the workspace's for one that was never saved. */
export function folderOf({ uri }: vscode.NotebookDocument): string {
  if (uri.scheme === 'file') return dirname(uri.fsPath);
  return vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? process.cwd();
}
