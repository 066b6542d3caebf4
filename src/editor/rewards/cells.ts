import * as vscode from 'vscode';
import { cellSource, isRewardCell } from '../../domain/rewardCell';

/** Can this document hold rewards at all: a Python file, or a `%%reward` cell of a notebook? */
export function mayHoldRewards(document: vscode.TextDocument): boolean {
  if (document.languageId !== 'python') return false;
  const { scheme } = document.uri;
  return scheme === 'file' || (scheme === 'vscode-notebook-cell' && isRewardCell(document.getText()));
}

/** The text that Python is given: the document's own, or that of a cell with the imports of the cells before it. */
export function sourceOf(document: vscode.TextDocument): string {
  const text = document.getText();
  if (document.uri.scheme !== 'vscode-notebook-cell') return text;
  const notebook = vscode.workspace.notebookDocuments.find((one) =>
    one.getCells().some((cell) => cell.document === document),
  );
  const cells = notebook?.getCells() ?? [];
  const at = cells.findIndex((cell) => cell.document === document);
  const earlier = cells.slice(0, Math.max(0, at)).filter((cell) => cell.document.languageId === 'python');
  return cellSource(
    text,
    earlier.map((cell) => cell.document.getText()),
  );
}
