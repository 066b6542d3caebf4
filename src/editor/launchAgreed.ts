import * as vscode from 'vscode';
import type { Wish } from '../domain/launch';

/** Asks before anything starts; the script can be read first. */
export async function agreed(wish: Wish, script: string): Promise<boolean> {
  const start = { label: `$(play) Start on ${wish.target}`, detail: commandOf(script) };
  const look = { label: '$(eye) Read the script first' };
  const asked = { title: `Start ${wish.name}?`, ignoreFocusOut: true };
  const chosen = await vscode.window.showQuickPick([start, look], asked);
  if (chosen !== look) return chosen === start;
  const document = await vscode.workspace.openTextDocument({ language: 'shellscript', content: script });
  await vscode.window.showTextDocument(document, { viewColumn: vscode.ViewColumn.Beside, preview: true });
  return (await vscode.window.showQuickPick([start], asked)) === start;
}

/** What the script does at its end, on one line: without the lines that only prepare it. */
function commandOf(script: string): string {
  const lines = script.split('\n').filter((line) => !/^(#!|cd -- |export )/.test(line));
  return lines.join(' ').replace(/\s+/g, ' ').trim().slice(0, 300);
}
