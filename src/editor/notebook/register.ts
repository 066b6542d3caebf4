import * as vscode from 'vscode';
import { Disposables, type Disposable } from '../../base/disposable';
import type { KnownRuns } from '../../machine/runs/known';
import type { Guard } from '../guard';
import type { Sources } from '../rewards/sources';
import { launchCell } from '../../domain/runs/notebookLaunch';
import type { Targets } from '../../machine/hosts/targets';
import { CellController } from './controller';
import { LiveOutputs } from './live';
import { launchRunner, type LaunchRoom } from './launchCell';
import { registerLaunchLenses } from './launchLens';
import { openRunAsNotebook } from './openRun';
import { pythonCell } from './pythonCell';
import { sendToNotebook } from './send';
import type { Runner } from './session';

/** Notebooks: the kernel, and what answers the outputs. */
export function registerNotebooks(
  context: vscode.ExtensionContext,
  room: LaunchRoom & { readonly known: KnownRuns; readonly targets: Targets; readonly sources: Sources },
  guard: Guard,
): Disposable {
  const owned = new Disposables();
  const python = pythonCell(room.sources);
  const home = context.asAbsolutePath('python');
  const launch = launchRunner(room);
  const runnerOf = ({ document }: vscode.NotebookCell): Runner =>
    document.languageId !== 'python' || launchCell(document.languageId, document.getText()) ? launch : python;
  owned.add(new CellController(home, runnerOf, guard));
  owned.add(new LiveOutputs(room.tree, room.known, guard));
  owned.add(registerLaunchLenses(room, room.targets, guard));
  owned.add(
    guard.command('grpoLens.openRunAsNotebook', (run, to) =>
      openRunAsNotebook({ tree: room.tree, known: room.known, home, guard }, idOf(run), to),
    ),
  );
  owned.add(guard.command('grpoLens.sendToNotebook', (sending) => sendToNotebook(sending, home, guard)));
  owned.add(guard.command('grpoLens.insertImport', () => insertImport(home)));
  return owned;
}

/** From the tree's menu a command is given the tree's node. */
function idOf(given: string | { readonly run: { readonly id: string } } | undefined): string | undefined {
  return typeof given === 'object' ? given.run.id : given;
}

/** A first cell that makes `grpo_lens` importable in any kernel on this machine, with nothing installed. */
async function insertImport(home: string): Promise<void> {
  const notebook = vscode.window.activeNotebookEditor?.notebook;
  if (!notebook) return;
  const code = `import sys\nsys.path.append(${JSON.stringify(home)})\nfrom grpo_lens import score, show, watch`;
  const cell = new vscode.NotebookCellData(vscode.NotebookCellKind.Code, code, 'python');
  const edit = new vscode.WorkspaceEdit();
  edit.set(notebook.uri, [vscode.NotebookEdit.insertCells(0, [cell])]);
  await vscode.workspace.applyEdit(edit);
}
