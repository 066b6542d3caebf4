import * as vscode from 'vscode';
import type { Wish } from '../domain/launch';

/** Asks before anything starts; the script can be read first. */
export async function agreed(wish: Wish, script: string): Promise<boolean> {
  const command = script.trimEnd().split('\n').at(-1) ?? '';
  const start = { label: `$(play) Start on ${wish.target}`, detail: command.slice(0, 300) };
  const look = { label: '$(eye) Read the script first' };
  const asked = { title: `Start ${wish.name}?`, ignoreFocusOut: true };
  const chosen = await vscode.window.showQuickPick([start, look], asked);
  if (chosen !== look) return chosen === start;
  const document = await vscode.workspace.openTextDocument({ language: 'shellscript', content: script });
  await vscode.window.showTextDocument(document, { viewColumn: vscode.ViewColumn.Beside, preview: true });
  return (await vscode.window.showQuickPick([start], asked)) === start;
}
