import * as vscode from 'vscode';
import { Disposables, type Disposable } from '../base/disposable';
import { Emitter } from '../base/event';
import { OneAtATime } from '../base/pace';
import type { Run, RunState } from '../domain/run';
import { adopt, adoptedRun, findOutputs, glance, type Reached } from '../machine/outputs';
import type { Guard } from './guard';

/** A run in the tree, with what a glance told of it. */
export interface Listed {
  readonly run: Run;
  readonly reached: Reached;
}

type Node = { readonly target: string } | Listed;

const ADOPTED = 'grpoLens.adoptedFolders';

const ICONS: Readonly<Record<RunState, vscode.ThemeIcon>> = {
  queued: new vscode.ThemeIcon('clock'),
  running: new vscode.ThemeIcon('sync', new vscode.ThemeColor('charts.blue')),
  succeeded: new vscode.ThemeIcon('pass', new vscode.ThemeColor('charts.green')),
  failed: new vscode.ThemeIcon('error', new vscode.ThemeColor('errorForeground')),
  stopped: new vscode.ThemeIcon('debug-stop'),
  unknown: new vscode.ThemeIcon('question'),
};

/** The tree of runs by where they are: those in the workspace, and folders that the user pointed at. */
export class RunTree implements vscode.TreeDataProvider<Node>, Disposable {
  readonly #owned = new Disposables();
  readonly #changed = this.#owned.add(new Emitter<undefined>());
  readonly #looking = new OneAtATime(() => this.#look());
  #runs: readonly Listed[] | undefined;

  readonly onDidChangeTreeData = this.#changed.event;

  constructor(
    private readonly memory: vscode.Memento,
    guard: Guard,
  ) {
    this.#owned.add(vscode.window.registerTreeDataProvider('grpoLens.runs', this));
    this.#owned.add(guard.command('grpoLens.adoptRun', () => this.#adopt()));
    this.#owned.add(guard.command('grpoLens.refreshRuns', () => this.refresh()));
    this.#owned.add(vscode.workspace.onDidChangeWorkspaceFolders(() => void this.refresh()));
  }

  async refresh(): Promise<void> {
    await this.#looking.call();
    this.#changed.fire(undefined);
  }

  /** Every run that is known, looked up now. */
  async runs(): Promise<readonly Listed[]> {
    await this.#looking.call();
    return this.#runs ?? [];
  }

  async getChildren(node?: Node): Promise<Node[]> {
    if (node && 'run' in node) return [];
    const runs = this.#runs ?? (await this.runs());
    if (node) return runs.filter(({ run }) => run.target === node.target);
    return [...new Set(runs.map(({ run }) => run.target))].map((target) => ({ target }));
  }

  getTreeItem(node: Node): vscode.TreeItem {
    return 'run' in node ? itemOf(node) : targetItem(node.target);
  }

  async #adopt(): Promise<void> {
    const chosen = await vscode.window.showOpenDialog({
      canSelectFolders: true,
      canSelectFiles: false,
      openLabel: 'Adopt',
      title: 'The output folder of a training run',
    });
    const first = chosen?.[0];
    if (!first) return;
    const folder = await adopt(first.fsPath);
    await this.memory.update(ADOPTED, [...new Set([...this.#adopted(), folder])]);
    await this.refresh();
    await vscode.commands.executeCommand('grpoLens.openRun', folder);
  }

  #adopted(): readonly string[] {
    return this.memory.get<readonly string[]>(ADOPTED, []);
  }

  async #look(): Promise<void> {
    const roots = (vscode.workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === 'file');
    const found = await Promise.all(roots.map(({ uri }) => findOutputs(uri.fsPath)));
    const folders = [...new Set([...found.flat(), ...this.#adopted()])];
    const reached = await Promise.all(folders.map(glance));
    this.#runs = folders.flatMap((folder, at) => {
      const now = reached[at];
      return now ? [{ run: adoptedRun(folder, now, Date.now()), reached: now }] : [];
    });
  }

  dispose(): void {
    this.#owned.dispose();
  }
}

function targetItem(target: string): vscode.TreeItem {
  const item = new vscode.TreeItem(target, vscode.TreeItemCollapsibleState.Expanded);
  item.iconPath = new vscode.ThemeIcon(target === 'here' ? 'vm' : 'remote');
  item.contextValue = 'target';
  return item;
}

function itemOf({ run, reached }: Listed): vscode.TreeItem {
  const item = new vscode.TreeItem(run.name);
  item.id = run.id;
  item.iconPath = ICONS[run.state];
  item.description = [run.state, placeOf(reached)].filter(Boolean).join(' · ');
  item.tooltip = run.folder;
  item.contextValue = `run-${run.state}`;
  item.command = { command: 'grpoLens.openRun', title: 'Open Run', arguments: [run.folder] };
  return item;
}

/** `step 12 of 40`, as far as it is known. */
export function placeOf({ step, steps }: Pick<Reached, 'step' | 'steps'>): string {
  if (step === 0) return '';
  return steps === undefined ? `step ${step}` : `step ${step} of ${steps}`;
}
