import * as vscode from 'vscode';
import type { Span } from '../domain/finding';

/** A stretch of a text as VS Code has it. */
export function rangeOf(document: vscode.TextDocument, { start, end }: Span): vscode.Range {
  return new vscode.Range(document.positionAt(start), document.positionAt(end));
}
