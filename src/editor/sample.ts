import * as vscode from 'vscode';
import type { Disposable } from '../base/disposable';
import type { Guard } from './guard';

/** The part of two recorded H200 runs that comes with the extension: its curves, and its reward file beside its completions. */
export function registerSample(root: vscode.Uri, guard: Guard): Disposable {
  return guard.command('grpoLens.openSample', async () => {
    const sample = vscode.Uri.joinPath(root, 'dist', 'sample', 'trl-count');
    await vscode.commands.executeCommand('grpoLens.openRun', vscode.Uri.joinPath(sample, 'output').fsPath);
    const rewards = vscode.Uri.joinPath(sample, 'rewards.py');
    await vscode.window.showTextDocument(rewards, { preview: false, viewColumn: vscode.ViewColumn.Beside });
  });
}
