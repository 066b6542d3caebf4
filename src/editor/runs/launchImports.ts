import * as vscode from 'vscode';
import type { Input } from '../../domain/runs/launch';

const IMPORT = /^[ \t]*(?:from[ \t]+([A-Za-z_]\w*)[\w.]*[ \t]+import\b|import[ \t]+([A-Za-z_][\w., \t]*))/gm;

/** At most so many modules go along; a larger project belongs on the host. */
const MOST = 50;

/** The modules beside a Python file that it imports, and those that they import. */
export async function importedBeside(uri: vscode.Uri, text: string): Promise<Input[]> {
  const folder = vscode.Uri.joinPath(uri, '..');
  const found = new Map<string, Input>();
  const waiting = modulesIn(text);
  for (let name = waiting.pop(); name !== undefined && found.size < MOST; name = waiting.pop()) {
    const path = `${name}.py`;
    const module = vscode.Uri.joinPath(folder, path);
    if (found.has(path) || module.path === uri.path) continue;
    const beside = await textOf(module);
    if (beside === undefined) continue;
    found.set(path, { path, text: beside });
    waiting.push(...modulesIn(beside));
  }
  return [...found.values()];
}

function modulesIn(text: string): string[] {
  return [...text.matchAll(IMPORT)].flatMap(([, from, imported]) =>
    from === undefined ? (imported ?? '').split(',').map((one) => one.trim().split(/[ .]/)[0] ?? '') : [from],
  );
}

/** As it is in the editor, where it is open. */
async function textOf(uri: vscode.Uri): Promise<string | undefined> {
  const open = vscode.workspace.textDocuments.find((document) => document.uri.path === uri.path);
  if (open) return open.getText();
  try {
    return Buffer.from(await vscode.workspace.fs.readFile(uri)).toString('utf8');
  } catch (error) {
    if (error instanceof vscode.FileSystemError) return undefined;
    throw error;
  }
}
