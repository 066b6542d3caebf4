import { dirname, isAbsolute, join } from 'node:path';
import * as vscode from 'vscode';
import type { Chore, ChoreValues } from '../../domain/runs/chore';
import { chores } from '../../domain/frameworks/chores';
import type { Wish } from '../../domain/runs/launch';
import { Problem } from '../../domain/problem';
import { onTarget } from '../../domain/runs/hostWords';
import type { Run } from '../../domain/runs/run';
import type { RunStatus } from '../runs/runStatus';
import { bringAnswers, scoreAnswers } from '../../machine/chores/answers';
import { ending } from '../../machine/chores/ending';
import { choreText, choreWish } from '../../machine/chores/wish';
import type { Runs } from '../../machine/runs/runs';
import { lensHome } from '../../machine/hosts/target';
import type { Targets } from '../../machine/hosts/targets';
import { interpreter } from '../config/interpreter';
import { askFields, askTarget } from './asking';
import { choose } from './choosing';

export interface ChoreRoom {
  readonly runs: Runs;
  readonly targets: Targets;
  /** The extension's own folder `python`. */
  readonly home: string;
  /** Tells the ends of runs; those of chores are told here. */
  readonly status: Pick<RunStatus, 'leave'>;
}

/** What is known before anything is asked. */
export interface Known {
  readonly target?: string;
  readonly values?: ChoreValues;
}

/** Asks what a chore needs, shows what will run, starts it as a run and follows it to its end. */
export async function runChore(room: ChoreRoom, id?: string, known: Known = {}): Promise<void> {
  if (!vscode.workspace.isTrusted) {
    const message = 'Nothing is started here, since this workspace is not trusted.';
    throw new Problem({ code: 'untrusted', message, remedy: 'trust-workspace' });
  }
  const chore = chores.find((one) => one.id === id) ?? (await askChore());
  const target = known.target ?? (chore?.here ? 'here' : chore && (await askTarget(room.targets)));
  if (!chore || target === undefined) return;
  const values = await askFields(chore, { ...room, target, given: known.values ?? {} });
  const cwd = values && (besides(chore, values, target) ?? (await askFolder(target)));
  if (!values || cwd === undefined) return;
  const python = target === 'here' ? await interpreter() : 'python3';
  const from = workspaceFolder();
  const wish = await choreWish(chore, values, { target, cwd, python, home: room.home, ...(from ? { from } : {}) });
  if (!(await agreed(chore, wish))) return;
  const { run } = await room.runs.launch(wish);
  room.status.leave(run.id);
  await vscode.commands.executeCommand('grpoLens.refreshRuns');
  await follow(room, { chore, values, run });
}

interface Begun {
  readonly chore: Chore;
  readonly values: ChoreValues;
  readonly run: Run;
}

/** The log's last line in a notification, which stops the run where it is cancelled; then what came of it. */
async function follow(room: ChoreRoom, begun: Begun): Promise<void> {
  const { chore, run } = begun;
  let last = '';
  const options = { location: vscode.ProgressLocation.Notification, title: chore.title, cancellable: true };
  const end = await vscode.window.withProgress(options, (progress, token) => {
    let done = 0;
    token.onCancellationRequested(() => void room.runs.stop(run));
    return ending(room.runs, run, (lines) => {
      last = lines.findLast((line) => line.trim() !== '') ?? last;
      const share = shareOf(lines) ?? done;
      progress.report({ message: last.slice(0, 120), increment: Math.max(0, share - done) });
      done = Math.max(done, share);
    });
  });
  await vscode.commands.executeCommand('grpoLens.refreshRuns');
  if (end.state === 'succeeded') return told(room, { ...begun, run: end }, last);
  if (end.state === 'stopped') return;
  offerRun(vscode.window.showErrorMessage(`${chore.title} failed: ${last.slice(0, 300)}`, OPEN), run);
}

const OPEN = 'Open Run';
const BROWSE = 'Browse Dataset';

/** The command has ended, whether or not anyone answers the message. */
function offerRun(message: Thenable<string | undefined>, run: Run): void {
  void message.then((choice) => {
    if (choice === OPEN) void vscode.commands.executeCommand('grpoLens.openRun', run.id);
  });
}

/** `3/12 file` as a share of a hundred. */
function shareOf(lines: readonly string[]): number | undefined {
  const found = lines.findLast((line) => /^\s*\d+\/\d+\b/.test(line));
  const [, at, all] = /(\d+)\/(\d+)/.exec(found ?? '') ?? [];
  return at === undefined ? undefined : (100 * Number(at)) / Math.max(1, Number(all));
}

async function told(room: ChoreRoom, { chore, values, run }: Begun, last: string): Promise<void> {
  if (chore.completions !== undefined) return showAnswers(room, run, values['reward']);
  const made = /records are in (.+?\.(?:jsonl|json|parquet))(?:,|\.$)/.exec(last)?.[1];
  const acts = made === undefined ? [OPEN] : [BROWSE, OPEN];
  const message = vscode.window.showInformationMessage(`${chore.title}: ${last.slice(0, 300)}`, ...acts);
  offerRun(message, run);
  void message.then((choice) => {
    const place = run.target === 'here' ? made : { target: run.target, path: made };
    if (choice === BROWSE) void vscode.commands.executeCommand('grpoLens.browseDataset', place);
  });
}

/** Brings a run's completions here, scores them, and opens them. `reward`: undefined asks for it. */
export async function showAnswers(room: ChoreRoom, run: Run, reward: string | undefined): Promise<void> {
  const save = run.target === 'here' ? '' : join(workspaceFolder() ?? lensHome(), 'answers', `${run.id}.jsonl`);
  const file = await bringAnswers(room.runs, run, save);
  const rewardFile = reward ?? (await askReward());
  if (rewardFile === undefined) return;
  if (rewardFile !== '') {
    const python = await interpreter();
    const said = await scoreAnswers(file, { rewardFile, python, home: room.home });
    void vscode.window.showInformationMessage(said.join(' · '));
  }
  await vscode.commands.executeCommand('grpoLens.openCompletions', file);
}

async function askReward(): Promise<string | undefined> {
  const found = await vscode.workspace.findFiles('**/{*reward*,plugin}.py', '**/{node_modules,.*}/**', 50);
  const offers = found.map(({ fsPath }) => ({ value: fsPath, label: vscode.workspace.asRelativePath(fsPath) }));
  return choose({ title: 'Reward file that scores the answers', offers, placeholder: './rewards.py', optional: true });
}

async function askChore(): Promise<Chore | undefined> {
  const items = chores.map((chore) => ({ label: chore.title, chore }));
  return (await vscode.window.showQuickPick(items, { title: 'What shall be done?' }))?.chore;
}

/** A pipeline or a recipe of this machine works where its file lies. */
function besides(chore: Chore, values: ChoreValues, target: string): string | undefined {
  const file = chore.fields.find(({ kind }) => kind === 'pipeline' || kind === 'recipe')?.name;
  const path = file === undefined ? '' : (values[file] ?? '');
  return target === 'here' && isAbsolute(path) ? dirname(path) : undefined;
}

/** Where it works: the workspace here, a folder that is asked for elsewhere. */
async function askFolder(target: string): Promise<string | undefined> {
  if (target === 'here') return workspaceFolder() ?? '~';
  return vscode.window.showInputBox({ title: `Folder on ${target} to work in`, value: '~', ignoreFocusOut: true });
}

function workspaceFolder(): string | undefined {
  return vscode.workspace.workspaceFolders?.[0]?.uri.fsPath;
}

/** Asks before anything starts; all of what will run can be read first. */
async function agreed(chore: Chore, wish: Wish): Promise<boolean> {
  const text = choreText(chore, wish);
  const start = { label: `$(play) Start ${onTarget(wish.target)}`, detail: text.replace(/\s+/g, ' ').slice(0, 300) };
  const look = { label: '$(eye) Read the whole command first' };
  const asked = { title: `${chore.title}?`, ignoreFocusOut: true };
  const chosen = await vscode.window.showQuickPick([start, look], asked);
  if (chosen !== look) return chosen === start;
  const content = `${text}\n\n# The command as it is started\n\n${wish.command.join('\n')}\n`;
  const document = await vscode.workspace.openTextDocument({ content });
  await vscode.window.showTextDocument(document, { viewColumn: vscode.ViewColumn.Beside, preview: true });
  return (await vscode.window.showQuickPick([start], asked)) === start;
}
