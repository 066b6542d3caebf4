import assert from 'node:assert/strict';
import type { Frame } from 'playwright-core';
import * as vscode from 'vscode';
import { until } from './texts';
import { window } from './window';

export async function openNotebook(path: string): Promise<vscode.NotebookDocument> {
  const folder = vscode.workspace.workspaceFolders?.[0];
  assert.ok(folder);
  const notebook = await vscode.workspace.openNotebookDocument(vscode.Uri.joinPath(folder.uri, path));
  await vscode.window.showNotebookDocument(notebook);
  return notebook;
}

export async function chooseKernel(): Promise<void> {
  await vscode.commands.executeCommand('notebook.selectKernel', {
    id: 'grpoLens.cells',
    extension: 'grpo-lens.grpo-lens',
  });
}

/** Saves; a card that draws itself anew meanwhile makes VS Code refuse, and then it is asked again, as a person would. */
export async function save(notebook: vscode.NotebookDocument): Promise<void> {
  await until({
    what: 'the saved notebook',
    ask: () => Promise.resolve(notebook.save()),
    enough: (saved) => saved,
  });
}

/** Runs cells and waits until each has ended; gives what failed. */
export async function runAll(notebook: vscode.NotebookDocument): Promise<string[]> {
  await vscode.commands.executeCommand('notebook.execute', notebook.uri);
  const cells = notebook.getCells().filter(({ kind }) => kind === vscode.NotebookCellKind.Code);
  await until({
    what: 'the end of all cells',
    ask: () => Promise.resolve(cells.map(({ executionSummary }) => executionSummary?.success ?? null)),
    enough: (ended) => ended.every((success) => success !== null) || ended.includes(false),
  });
  return cells.flatMap(({ outputs }) => outputs.flatMap(({ items }) => items.flatMap(errorOf)));
}

/** The error that an item shows, as JSON. */
export function errorOf(item: vscode.NotebookCellOutputItem): string[] {
  return item.mime === 'application/vnd.code.notebook.error' ? [new TextDecoder().decode(item.data)] : [];
}

/** The page in which the notebook's outputs are drawn, once it shows something that fits the selector. */
export async function outputs(selector: string): Promise<Frame> {
  const page = await window();
  const found = await until({
    what: `an output with ${selector}`,
    ask: async () => {
      for (const frame of page.frames()) {
        const count = await frame
          .locator(selector)
          .count()
          .catch(() => 0);
        if (count > 0) return frame;
      }
      return undefined;
    },
    enough: (frame) => frame !== undefined,
  });
  assert.ok(found);
  return found;
}

/** Scrolls to a cell, the first whose text holds `text`; outputs are drawn only near what is shown. */
export function reveal(notebook: vscode.NotebookDocument, text: string): void {
  const cell = notebook.getCells().find(({ document }) => document.getText().includes(text));
  assert.ok(cell, `a cell with ${text}`);
  const range = new vscode.NotebookRange(cell.index, cell.index + 1);
  const editor = vscode.window.visibleNotebookEditors.find((shown) => shown.notebook === notebook);
  editor?.revealRange(range, vscode.NotebookEditorRevealType.AtTop);
}

/** Runs one cell, and does something while it runs. */
export async function runCell(
  notebook: vscode.NotebookDocument,
  index: number,
  meanwhile?: () => Promise<void>,
): Promise<void> {
  const cell = notebook.cellAt(index);
  void vscode.commands.executeCommand('notebook.cell.execute', {
    ranges: [{ start: index, end: index + 1 }],
    document: notebook.uri,
  });
  await meanwhile?.();
  await until({
    what: `the end of cell ${index}`,
    ask: () => Promise.resolve(cell.executionSummary?.success),
    enough: (success) => success !== undefined,
  });
}

/** A notebook of these cells, saved under `path` in the workspace and shown. */
export async function madeNotebook(
  path: string,
  cells: readonly (readonly [language: string, text: string])[],
): Promise<vscode.NotebookDocument> {
  const folder = vscode.workspace.workspaceFolders?.[0];
  assert.ok(folder);
  const made = cells.map(([language, source]) => ({
    cell_type: 'code',
    execution_count: null,
    metadata: { vscode: { languageId: language } },
    outputs: [],
    source,
  }));
  const content = { cells: made, metadata: { language_info: { name: 'python' } }, nbformat: 4, nbformat_minor: 2 };
  await vscode.workspace.fs.writeFile(vscode.Uri.joinPath(folder.uri, path), Buffer.from(JSON.stringify(content)));
  return openNotebook(path);
}

/** Errors of a cell's outputs, one after the other. */
export function errorsOf(cell: vscode.NotebookCell | undefined): string {
  return (cell?.outputs ?? []).flatMap(({ items }) => items.flatMap(errorOf)).join('\n');
}
