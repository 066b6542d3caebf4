import * as vscode from 'vscode';
import { cellSource, isShellCell } from '../../domain/rewards/rewardCell';

/** Can this document hold rewards at all: a Python file, or a Python cell of a notebook? */
export function mayHoldRewards(document: vscode.TextDocument): boolean {
  if (document.languageId !== 'python') return false;
  const { scheme } = document.uri;
  return scheme === 'file' || (isCell(document) && !isShellCell(document.getText()));
}

export function isCell(document: vscode.TextDocument): boolean {
  return document.uri.scheme === 'vscode-notebook-cell';
}

/** What names an open document in the arguments of a command: all cells of a notebook have one path. */
export function keyOf(document: vscode.TextDocument): string {
  return isCell(document) ? document.uri.toString() : document.fileName;
}

/** The cell whose text a document is. */
export function cellOf(document: vscode.TextDocument): vscode.NotebookCell | undefined {
  const cells = vscode.workspace.notebookDocuments.flatMap((notebook) => notebook.getCells());
  return cells.find((cell) => cell.document === document);
}

/** The column that shows a document, or the notebook of a cell that is scrolled out of view; else the first. */
export function columnOf(document: vscode.TextDocument): vscode.ViewColumn {
  const editor = vscode.window.visibleTextEditors.find((one) => one.document === document);
  const notebook = cellOf(document)?.notebook;
  const around = vscode.window.visibleNotebookEditors.find((one) => one.notebook === notebook);
  return (editor ?? around)?.viewColumn ?? vscode.ViewColumn.One;
}

/** The text that Python is given: the document's own, or that of a cell with what the cells before it define. */
export function sourceOf(document: vscode.TextDocument): string {
  const text = document.getText();
  if (!isCell(document)) return text;
  const cells = cellOf(document)?.notebook.getCells() ?? [];
  const at = cells.findIndex((cell) => cell.document === document);
  const earlier = cells.slice(0, Math.max(0, at)).filter((cell) => cell.document.languageId === 'python');
  return cellSource(
    text,
    earlier.map((cell) => cell.document.getText()),
  );
}
