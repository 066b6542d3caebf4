import * as vscode from 'vscode';
import { counted } from '../../base/counted';
import { Disposables, type Disposable } from '../../base/disposable';
import type { CommandId, RunChoice } from '../../contributions';
import { Problem } from '../../domain/problem';
import type { Run } from '../../domain/runs/run';
import { givesAnswers } from '../../machine/chores/answers';
import type { Guard } from '../guard';
import type { Pages } from '../panel';
import type { RunTree } from '../runs/runs';
import { OfflineFindings } from './offline';
import { askRecipe, prepareDataset } from './prepare';
import { runChore, showAnswers, type ChoreRoom } from './running';
import { openTracker } from './tracker';

type Plain = Extract<
  CommandId,
  | 'grpoLens.downloadModel'
  | 'grpoLens.downloadDataset'
  | 'grpoLens.copyModel'
  | 'grpoLens.prepareEnvironment'
  | 'grpoLens.precheck'
  | 'grpoLens.evaluateCheckpoint'
  | 'grpoLens.runPipeline'
  | 'grpoLens.mergeLora'
  | 'grpoLens.mergeCheckpoint'
>;

const IDS: Readonly<Record<Plain, string>> = {
  'grpoLens.downloadModel': 'download',
  'grpoLens.downloadDataset': 'download-dataset',
  'grpoLens.copyModel': 'copy',
  'grpoLens.prepareEnvironment': 'environment',
  'grpoLens.precheck': 'precheck',
  'grpoLens.evaluateCheckpoint': 'evaluate-checkpoint',
  'grpoLens.runPipeline': 'pipeline',
  'grpoLens.mergeLora': 'merge-lora',
  'grpoLens.mergeCheckpoint': 'merge-checkpoint',
};

/** What is to be done around a training: one command for each chore, answers that come back, pages of trackers. */
export function registerChores(
  room: ChoreRoom & { readonly tree: RunTree; readonly pages: Pages },
  guard: Guard,
): Disposable {
  const owned = new Disposables();
  owned.add(guard.command('grpoLens.runChore', (id, known) => runChore(room, id, known)));
  for (const [command, id] of Object.entries(IDS) as [Plain, string][]) {
    owned.add(
      guard.command(command, (values?: Readonly<Record<string, string>>) =>
        runChore(room, id, values === undefined ? {} : { values }),
      ),
    );
  }
  owned.add(
    guard.command('grpoLens.prepareDataset', async (place) => {
      const file = (typeof place === 'string' ? place : place?.fsPath) ?? (await askRecipe());
      if (file !== undefined) await prepareDataset(room, file);
    }),
  );
  const offline = owned.add(new OfflineFindings());
  owned.add(guard.command('grpoLens.checkOffline', () => checkOffline(room, offline)));
  owned.add(
    guard.command('grpoLens.openTracker', async (choice) => {
      const run = await chosenRun(room.tree, choice, () => true);
      if (run) await openTracker(room.runs, run);
    }),
  );
  owned.add(
    guard.command('grpoLens.openAnswers', async (choice) => {
      const run = await chosenRun(room.tree, choice, givesAnswers);
      if (run) await showAnswers(room, run, undefined);
    }),
  );
  return owned;
}

/** The scripts here at once, and the host where it is wished. */
async function checkOffline(room: ChoreRoom, offline: OfflineFindings): Promise<void> {
  const count = await offline.look();
  const text =
    count === 0 ? 'Nothing in the scripts would go out.' : `${counted(count, 'place')} in the scripts would go out.`;
  const acts = [...(count === 0 ? [] : ['Show Problems']), 'Check a Host…'];
  const chosen = await vscode.window.showInformationMessage(text, ...acts);
  if (chosen === 'Show Problems') await vscode.commands.executeCommand('workbench.actions.view.problems');
  if (chosen === 'Check a Host…') await runChore(room, 'offline');
}

async function chosenRun(
  tree: RunTree,
  choice: RunChoice | undefined,
  fits: (run: Run) => boolean,
): Promise<Run | undefined> {
  if (choice !== undefined) return tree.find(typeof choice === 'string' ? choice : choice.run.id);
  const fitting = (await tree.all()).map(({ run }) => run).filter(fits);
  if (fitting.length === 0) throw new Problem({ code: 'missing', message: 'There is no such run yet.' });
  const items = fitting.map((run) => ({ label: run.name, description: run.target, detail: run.folder, run }));
  return (await vscode.window.showQuickPick(items, { title: 'Which run?' }))?.run;
}
