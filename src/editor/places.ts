import * as vscode from 'vscode';
import type { Span } from '../domain/config/finding';

/** A stretch of a text as VS Code has it. */
export function rangeOf(document: vscode.TextDocument, { start, end }: Span): vscode.Range {
  return new vscode.Range(document.positionAt(start), document.positionAt(end));
}

/** A stretch that can be seen in a range, for providers that are asked about a part of a document. */
export function isIn(document: vscode.TextDocument, { start, end }: Span, range: vscode.Range): boolean {
  return document.offsetAt(range.start) <= end && start <= document.offsetAt(range.end);
}

/** Folders of packages, versions and runs, in which nothing that the user wrote is looked for. */
export const FOREIGN =
  '**/{node_modules,site-packages,dist-packages,.git,.venv,venv,__pycache__,wandb,checkpoint-*}/**';
