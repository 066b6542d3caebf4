import * as vscode from 'vscode';
import { Disposables, type Disposable } from '../../base/disposable';
import { readCell } from '../../domain/dialects/cell';
import { which } from '../../domain/frameworks/which';
import { launchCell, type BadCell, type LaunchCell } from '../../domain/runs/notebookLaunch';
import { Problem } from '../../domain/problem';
import { isShellCell } from '../../domain/rewards/rewardCell';
import type { Targets } from '../../machine/hosts/targets';
import type { Guard } from '../guard';
import { askWhere } from '../runs/launchWhere';
import { cardOutput, started, type LaunchRoom } from './launchCell';

/** Above cells of any kernel that start a training: a lens that starts them as runs of their own. */
export function registerLaunchLenses(room: LaunchRoom, targets: Targets, guard: Guard): Disposable {
  const owned = new Disposables();
  const provideCodeLenses = guard.quietly('lenses over cells', (document: vscode.TextDocument) => lenses(document));
  const selector = ['python', 'shellscript', 'yaml'].map((language) => ({ language, scheme: 'vscode-notebook-cell' }));
  owned.add(vscode.languages.registerCodeLensProvider(selector, { provideCodeLenses }));
  owned.add(
    guard.command('grpoLens.launchCell', async (uri) => {
      if (!vscode.workspace.isTrusted) {
        const message = 'Nothing is started here, since this workspace is not trusted.';
        throw new Problem({ code: 'untrusted', message, remedy: 'trust-workspace' });
      }
      await launch(cellOf(uri), room, targets);
    }),
  );
  return owned;
}

function lenses(document: vscode.TextDocument): vscode.CodeLens[] {
  if (!vscode.workspace.isTrusted) return [];
  const text = document.getText();
  if (!readsAsLaunch(document.languageId, text)) return [];
  const command = { title: 'launch this cell on …', command: 'grpoLens.launchCell', arguments: [String(document.uri)] };
  return [new vscode.CodeLens(new vscode.Range(0, 0, 0, 0), command)];
}

/** A cell that says so, or one of a shell's with a framework's command. */
function readsAsLaunch(language: string, text: string): boolean {
  const asked = launchCell(language, text);
  if (asked) return !('wrong' in asked);
  return isCommand(language, text) && readCell(language, text, undefined).sheets.some((sheet) => which(sheet));
}

function isCommand(language: string, text: string): boolean {
  return language === 'shellscript' || isShellCell(text);
}

async function launch(cell: vscode.NotebookCell, room: LaunchRoom, targets: Targets): Promise<void> {
  const { languageId } = cell.document;
  const text = cell.document.getText();
  const read = launchCell(languageId, text) ?? withoutWord(languageId, text);
  if ('wrong' in read) throw new Problem({ code: 'bad-input', message: read.wrong });
  const target = read.file === undefined ? await askWhere({ runs: room.runs, targets }, read.target) : read.target;
  if (target === undefined) return;
  const run = await started({ ...read, target }, cell, room);
  if (run) await showCard(cell, cardOutput(run));
}

function withoutWord(language: string, text: string): LaunchCell | BadCell {
  const body = isShellCell(text) ? text.replace(/^[^\n]*\n?/, '') : text;
  if (isCommand(language, text))
    return launchCell('shellscript', `%%launch\n${body}`) ?? { wrong: 'This cell is empty.' };
  return {
    wrong: 'Only a cell with the command of a training is started; a YAML cell begins with # %%launch COMMAND.',
  };
}

/** Below the cell, whatever kernel the notebook has: the card is drawn from the output alone. */
async function showCard(cell: vscode.NotebookCell, output: vscode.NotebookCellOutput): Promise<void> {
  const { document, kind, metadata, notebook, index } = cell;
  const data = new vscode.NotebookCellData(kind, document.getText(), document.languageId);
  data.metadata = metadata;
  data.outputs = [output];
  const edit = new vscode.WorkspaceEdit();
  edit.set(notebook.uri, [vscode.NotebookEdit.replaceCells(new vscode.NotebookRange(index, index + 1), [data])]);
  await vscode.workspace.applyEdit(edit);
}

function cellOf(uri: string | undefined): vscode.NotebookCell {
  const editor = vscode.window.activeNotebookEditor;
  const cells = vscode.workspace.notebookDocuments.flatMap((notebook) => notebook.getCells());
  const cell =
    uri === undefined
      ? editor?.notebook.cellAt(editor.selection.start)
      : cells.find(({ document }) => document.uri.toString() === uri);
  if (cell) return cell;
  throw new Problem({ code: 'bad-input', message: 'Choose the cell of a notebook that starts the training.' });
}
