import * as vscode from 'vscode';
import { Disposables, type Disposable } from '../../base/disposable';
import type { CommandId, RunChoice } from '../../contributions';
import { onTarget, undetachedWords } from '../../domain/runs/hostWords';
import { overridden, readOverrides } from '../../domain/config/overrides';
import { Problem } from '../../domain/problem';
import type { Run } from '../../domain/runs/run';
import { againWish, launchOf, resumingCommand, wishOf } from '../../machine/runs/relaunch';
import type { Runs, Started } from '../../machine/runs/runs';
import type { Guard } from '../guard';
import { agreed } from './launchAgreed';
import type { RunTree } from './runs';
import type { ShownTexts } from './scripts';
import type { Secrets } from './secrets';

type ActId = Extract<CommandId, `grpoLens.${'stopRun' | 'resumeRun' | 'runAgain' | 'runAgainWith'}`>;

interface Room {
  readonly runs: Runs;
  readonly tree: RunTree;
  readonly texts: ShownTexts;
  readonly secrets: Secrets;
}

/** The commands that end, resume and repeat a run; each asks before it does anything. */
export function runActions(room: Room, guard: Guard): Disposable {
  const owned = new Disposables();
  const add = (id: ActId, fits: (run: Run) => boolean, act: (run: Run) => Promise<void>): void => {
    const run = async (choice?: RunChoice): Promise<void> => {
      const chosen = await choose(room.tree, typeof choice === 'object' ? choice.run.id : choice, fits);
      if (!chosen) return;
      await act(chosen);
      void room.tree.lookAround(chosen.target);
    };
    owned.add(guard.command(id, run));
  };
  const isOurs = ({ launch }: Run): boolean => launch !== undefined;
  const mayStop = ({ state, facts }: Run): boolean => (state === 'running' || state === 'queued') && !facts.adopted;
  add('grpoLens.stopRun', mayStop, (run) => stop(room, run));
  add(
    'grpoLens.resumeRun',
    (run) => isOurs(run) && run.state !== 'running',
    (run) => resume(room, run),
  );
  add('grpoLens.runAgain', isOurs, (run) => again(room, run, launchOf(run).command));
  add('grpoLens.runAgainWith', isOurs, (run) => againWith(room, run));
  owned.add(guard.command('grpoLens.forgetSecrets', () => room.secrets.forget()));
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

async function stop({ runs }: Room, run: Run): Promise<void> {
  const answer = {
    label: `$(debug-stop) Stop it ${onTarget(run.target)}`,
    detail: 'It is asked to end; after 20 seconds it is killed, with all that it started.',
  };
  const title = `Stop ${run.name}?`;
  if ((await vscode.window.showQuickPick([answer], { title, ignoreFocusOut: true })) !== answer) return;
  const { ended } = await meanwhile(`Stopping ${run.name}…`, () => runs.stop(run));
  const named = ended.map(({ name, pid, signal }) => `${name} (${pid}) by ${signal}`).join(', ');
  void vscode.window.showInformationMessage(named === '' ? `${run.name} had already ended.` : `Ended: ${named}.`);
}

async function resume(room: Room, run: Run): Promise<void> {
  const command = await resumingCommand(room.runs, run);
  const given = await secretsOf(room, run);
  const before = given && wishOf(launchOf(run), command, given);
  const wish = before && (await agreed(room, before, { like: run, verb: 'Resume' }));
  if (!wish) return;
  told(await meanwhile(`Resuming ${run.name}…`, () => room.runs.resume(run, wish)));
}

async function again(room: Room, run: Run, command: readonly string[]): Promise<void> {
  const given = await secretsOf(room, run);
  const before = given && (await againWish(room.runs, run, command, given));
  const wish = before && (await agreed(room, before, { like: run }));
  if (!wish) return;
  told(await meanwhile(`Starting ${run.name}…`, () => room.runs.launch(wish)));
}

/** Only what shall be different is asked; the preview shows it as a comparison. */
async function againWith(room: Room, run: Run): Promise<void> {
  const { framework, command } = launchOf(run);
  const typed = await vscode.window.showInputBox({
    title: `Run ${run.name} again with…`,
    prompt: 'Settings that shall be different, such as learning_rate=2e-6 beta=0.01.',
    placeHolder: 'name=value name=value …',
    ignoreFocusOut: true,
    validateInput: (text) => wrongIn(text),
  });
  const overrides = typed === undefined ? undefined : readOverrides(typed);
  if (overrides && !('wrong' in overrides)) await again(room, run, overridden(framework, command, overrides));
}

function wrongIn(text: string): string | undefined {
  const read = readOverrides(text);
  return 'wrong' in read ? read.wrong : undefined;
}

/** The values of a run's secrets, which stand in no file of ours; undefined when the user does not give them. */
async function secretsOf({ secrets }: Room, run: Run): Promise<Readonly<Record<string, string>> | undefined> {
  return secrets.ask(launchOf(run).secrets, `It was passed to ${run.name} and stands in no file.`);
}

function meanwhile<T>(title: string, work: () => Promise<T>): Thenable<T> {
  return vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title }, work);
}

function told(started: Started): void {
  const { run } = started;
  const warning = undetachedWords(run.name, started);
  if (warning !== undefined) void vscode.window.showWarningMessage(warning);
  void vscode.commands.executeCommand('grpoLens.openRun', run.id);
}
