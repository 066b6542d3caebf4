import { createHash } from 'node:crypto';
import { basename, join } from 'node:path';
import * as vscode from 'vscode';
import type { Sending } from '../../contributions';
import { Problem } from '../../domain/problem';
import { ipynb } from '../../machine/ipynb';
import { executed } from '../../machine/runs/runNotebook';
import type { Guard } from '../guard';
import { interpreter } from '../config/interpreter';
import { itemsOf } from './outputs';
import { folderOf } from '../notebookFolder';

/** Puts a cell at the end of the notebook that is open (else of a new one): samples in a file beside it, and what they show. */
export async function sendToNotebook(sending: Sending | undefined, home: string, guard: Guard): Promise<void> {
  if (!sending) {
    const message = 'Use "Notebook" in a page of completions or in the why panel: it sends what is shown there.';
    throw new Problem({ code: 'bad-input', message });
  }
  const notebook = open() ?? (await vscode.workspace.openNotebookDocument('jupyter-notebook'));
  const folder = folderOf(notebook);
  const file = await samplesBeside(folder, sending);
  const path = JSON.stringify(notebook.isUntitled ? join(folder, file) : file);
  const call = sending.reward === undefined ? 'show' : 'score';
  const given = sending.reward === undefined ? path : `${sending.reward}, ${path}`;
  const title = sending.reward === undefined ? `, title=${JSON.stringify(sending.name)}` : '';
  const code = `import sys\nsys.path.append(${JSON.stringify(home)})\nfrom grpo_lens import ${call}\n${call}(${given}${title})`;
  const cell = new vscode.NotebookCellData(vscode.NotebookCellKind.Code, code, 'python');
  cell.outputs = await outputsOf(code, { folder, home }, guard);
  await insertAtEnd(notebook, cell);
}

/** The one that is seen, else one that is open in a tab. */
function open(): vscode.NotebookDocument | undefined {
  const fits = ({ notebookType }: vscode.NotebookDocument): boolean => notebookType === 'jupyter-notebook';
  const seen = [vscode.window.activeNotebookEditor, ...vscode.window.visibleNotebookEditors];
  const visible = seen.flatMap((editor) => editor?.notebook ?? []).find(fits);
  return visible ?? vscode.workspace.notebookDocuments.filter((document) => !document.isClosed).find(fits);
}

/** Named by what it holds: what was sent before stays as it was. */
async function samplesBeside(folder: string, { samples, name }: Sending): Promise<string> {
  const hash = createHash('sha256').update(samples).digest('hex').slice(0, 8);
  const file = `${basename(name).replace(/[^\w.-]+/g, '-')}-${hash}.samples.jsonl`;
  await vscode.workspace.fs.writeFile(vscode.Uri.file(join(folder, file)), Buffer.from(samples));
  return file;
}

/** What the cell shows, from a Python of its own, so that the notebook's kernel need not be chosen; none without trust. */
async function outputsOf(
  code: string,
  { folder, home }: { readonly folder: string; readonly home: string },
  guard: Guard,
): Promise<vscode.NotebookCellOutput[]> {
  if (!vscode.workspace.isTrusted) return [];
  const python = await interpreter(vscode.Uri.file(folder));
  const run = guard.quietly('running a cell', () =>
    executed(ipynb([{ kind: 'code', text: code }]), { python, home, cwd: folder }),
  );
  const told = await run();
  if (told === undefined) return [];
  const { cells } = JSON.parse(told) as { cells: { outputs: { data: Record<string, unknown> }[] }[] };
  return cells.flatMap(({ outputs }) =>
    outputs.map(({ data }) => new vscode.NotebookCellOutput(itemsOf(data), { outputType: 'display_data' })),
  );
}

async function insertAtEnd(notebook: vscode.NotebookDocument, cell: vscode.NotebookCellData): Promise<void> {
  const at = notebook.cellCount;
  const edit = new vscode.WorkspaceEdit();
  edit.set(notebook.uri, [vscode.NotebookEdit.insertCells(at, [cell])]);
  await vscode.workspace.applyEdit(edit);
  const shown = vscode.window.visibleNotebookEditors.find((editor) => editor.notebook === notebook);
  const editor = await vscode.window.showNotebookDocument(notebook, {
    viewColumn: shown?.viewColumn ?? vscode.ViewColumn.Beside,
  });
  const range = new vscode.NotebookRange(at, at + 1);
  editor.selections = [range];
  editor.revealRange(range, vscode.NotebookEditorRevealType.AtTop);
}
