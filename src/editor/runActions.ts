import * as vscode from 'vscode';
import { Disposables, type Disposable } from '../base/disposable';
import { Problem } from '../domain/problem';
import type { Run } from '../domain/run';
import type { Runs } from '../machine/runs';
import type { Guard } from './guard';
import type { RunTree } from './runs';

/** The command that ends a run. */
export function runActions(runs: Runs, tree: RunTree, guard: Guard): Disposable {
  const owned = new Disposables();
  owned.add(
    guard.command('grpoLens.stopRun', async (word) => {
      const run = await chosen(tree, word, ({ state, facts }) => state === 'running' && !facts.adopted);
      if (run) await stop(runs, run);
      await tree.refresh();
    }),
  );
  return owned;
}

/** A run by its id, or one that the user chooses among those that fit. */
async function chosen(tree: RunTree, word: string | undefined, fits: (run: Run) => boolean): Promise<Run | undefined> {
  if (word !== undefined) return tree.find(word);
  const fitting = (await tree.all()).map(({ run }) => run).filter(fits);
  if (fitting.length === 0) throw new Problem({ code: 'missing', message: 'No run that was started here is running.' });
  const items = fitting.map((run) => ({ label: run.name, description: run.target, detail: run.folder, run }));
  return (await vscode.window.showQuickPick(items, { title: 'Which run?' }))?.run;
}

async function stop(runs: Runs, run: Run): Promise<void> {
  const question = `Stop ${run.name} on ${run.target}? It is asked to end; after 20 seconds it is killed.`;
  const answer = await vscode.window.showWarningMessage(question, { modal: true }, 'Stop');
  if (answer !== 'Stop') return;
  const { ended } = await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title: `Stopping ${run.name}…` },
    () => runs.stop(run),
  );
  const named = ended.map(({ name, pid, signal }) => `${name} (${pid}) by ${signal}`).join(', ');
  void vscode.window.showInformationMessage(named === '' ? `${run.name} had already ended.` : `Ended: ${named}.`);
}
