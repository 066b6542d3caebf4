import * as vscode from 'vscode';
import { definesName } from '../../domain/rewards/rewardCell';

export interface CellPlace {
  /** The number under which it was run: `In[3]`. */
  readonly cell: string;
  /** What the cell defines. */
  readonly name: string;
  readonly line: number;
}

/** Shows a line of a cell, where the notebook still has such a cell; a number alone proves nothing after a restart. */
export async function revealCell({ notebook, viewColumn }: vscode.NotebookEditor, place: CellPlace): Promise<void> {
  const order = Number(/\d+/.exec(place.cell)?.[0]);
  const cells = notebook.getCells().filter(({ document }) => document.languageId === 'python');
  const defining = cells.filter(({ document }) => definesName(document.getText(), place.name));
  const byNumber = (cell: vscode.NotebookCell): boolean => cell.executionSummary?.executionOrder === order;
  const cell = defining.find(byNumber) ?? defining.at(-1) ?? cells.find(byNumber);
  if (!cell) return;
  const at = new vscode.Position(Math.min(place.line, cell.document.lineCount) - 1, 0);
  await vscode.window.showTextDocument(cell.document, {
    ...(viewColumn === undefined ? {} : { viewColumn }),
    selection: new vscode.Range(at, at),
  });
}
