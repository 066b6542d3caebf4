import * as vscode from 'vscode';

/** Where everything that a user need not see, but may want to, is written. */
export type Log = Pick<vscode.LogOutputChannel, 'info' | 'warn' | 'error' | 'show' | 'dispose'>;

export function openLog(): Log {
  return vscode.window.createOutputChannel('GRPO Lens', { log: true });
}
