import * as vscode from 'vscode';
import { Disposables, type Disposable } from '../base/disposable';
import type { CommandId, RunChoice } from '../contributions';
import type { Wish } from '../domain/launch';
import { Problem } from '../domain/problem';
import type { Run } from '../domain/run';
import { launchOf, resumingCommand, wishOf } from '../machine/relaunch';
import type { Runs, Started } from '../machine/runs';
import type { Guard } from './guard';
import type { RunTree } from './runs';

type ActId = Extract<CommandId, 'grpoLens.stopRun' | 'grpoLens.resumeRun' | 'grpoLens.runAgain'>;

/** The commands that end, resume and repeat a run; each asks before it does anything. */
export function runActions(runs: Runs, tree: RunTree, guard: Guard): Disposable {
  const owned = new Disposables();
  const add = (id: ActId, fits: (run: Run) => boolean, act: (run: Run) => Promise<void>): void => {
    const run = async (choice?: RunChoice): Promise<void> => {
      const chosen = await choose(tree, typeof choice === 'object' ? choice.run.id : choice, fits);
      if (chosen) await act(chosen);
      await tree.refresh();
    };
    owned.add(guard.command(id, run));
  };
  add(
    'grpoLens.stopRun',
    ({ state, facts }) => state === 'running' && !facts.adopted,
    (run) => stop(runs, run),
  );
  add(
    'grpoLens.resumeRun',
    ({ state, launch }) => state !== 'running' && !!launch,
    (run) => resume(runs, run),
  );
  add(
    'grpoLens.runAgain',
    ({ launch }) => launch !== undefined,
    (run) => again(runs, run),
  );
  return owned;
}

/** A run by its id, or one that the user chooses among those that fit. */
async function choose(tree: RunTree, word: string | undefined, fits: (run: Run) => boolean): Promise<Run | undefined> {
  if (word !== undefined) return tree.find(word);
  const fitting = (await tree.all()).map(({ run }) => run).filter(fits);
  if (fitting.length === 0) {
    throw new Problem({ code: 'missing', message: 'No run that GRPO Lens started fits: start one first.' });
  }
  const items = fitting.map((run) => ({ label: run.name, description: run.target, detail: run.folder, run }));
  return (await vscode.window.showQuickPick(items, { title: 'Which run?' }))?.run;
}

async function stop(runs: Runs, run: Run): Promise<void> {
  const question = `Stop ${run.name} on ${run.target}? It is asked to end; after 20 seconds it is killed.`;
  if (!(await sure(question, 'Stop'))) return;
  const { ended } = await meanwhile(`Stopping ${run.name}…`, () => runs.stop(run));
  const named = ended.map(({ name, pid, signal }) => `${name} (${pid}) by ${signal}`).join(', ');
  void vscode.window.showInformationMessage(named === '' ? `${run.name} had already ended.` : `Ended: ${named}.`);
}

async function resume(runs: Runs, run: Run): Promise<void> {
  const wish = await asked(run, await resumingCommand(runs, run));
  if (!wish || !(await sure(`Resume ${run.name} on ${run.target}?`, 'Resume', wish))) return;
  told(await meanwhile(`Resuming ${run.name}…`, () => runs.resume(run, wish)));
}

async function again(runs: Runs, run: Run): Promise<void> {
  const wish = await asked(run, launchOf(run).command);
  if (!wish || !(await sure(`Start ${run.name} once more on ${run.target}?`, 'Start', wish))) return;
  told(await meanwhile(`Starting ${run.name}…`, () => runs.launch(wish)));
}

/** The wish with its secrets, which stand nowhere; undefined when the user does not give them. */
async function asked(run: Run, command: readonly string[]): Promise<Wish | undefined> {
  const launch = launchOf(run);
  const secrets: Record<string, string> = {};
  for (const name of launch.secrets) {
    const prompt = `${name} was passed to the run and is kept nowhere.`;
    const value = await vscode.window.showInputBox({ title: name, prompt, password: true, ignoreFocusOut: true });
    if (value === undefined) return undefined;
    secrets[name] = value;
  }
  return wishOf(launch, command, secrets);
}

async function sure(question: string, answer: string, wish?: Wish): Promise<boolean> {
  const detail = wish ? { detail: `${wish.command.join(' ')}\n\nin ${wish.cwd}` } : {};
  return (await vscode.window.showWarningMessage(question, { modal: true, ...detail }, answer)) === answer;
}

function meanwhile<T>(title: string, work: () => Promise<T>): Thenable<T> {
  return vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title }, work);
}

function told({ run, how, detached }: Started): void {
  if (!detached) {
    const warning = `${run.name} runs, but it may end with this editor: it could not be detached (${how}).`;
    void vscode.window.showWarningMessage(warning);
  }
  void vscode.commands.executeCommand('grpoLens.openRun', run.id);
}
