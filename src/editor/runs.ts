import * as vscode from 'vscode';
import { Disposables, type Disposable } from '../base/disposable';
import { Emitter } from '../base/event';
import { OneAtATime } from '../base/pace';
import type { Run, RunState } from '../domain/run';
import type { KnownListing, KnownRuns, Listed } from '../machine/known';
import { adopt, adoptedRun, glance } from '../machine/outputs';
import type { Runs } from '../machine/runs';
import type { Guard } from './guard';

type Node = { readonly target: string } | Listed;

const ICONS: Readonly<Record<RunState, vscode.ThemeIcon>> = {
  queued: new vscode.ThemeIcon('clock'),
  running: new vscode.ThemeIcon('sync', new vscode.ThemeColor('charts.blue')),
  succeeded: new vscode.ThemeIcon('pass', new vscode.ThemeColor('charts.green')),
  failed: new vscode.ThemeIcon('error', new vscode.ThemeColor('errorForeground')),
  stopped: new vscode.ThemeIcon('debug-stop'),
  unknown: new vscode.ThemeIcon('question'),
};

/** The tree of runs by where they are: those of all targets, and output folders in the workspace. */
export class RunTree implements vscode.TreeDataProvider<Node>, Disposable {
  readonly #owned = new Disposables();
  readonly #changed = this.#owned.add(new Emitter<undefined>());
  readonly #looked = this.#owned.add(new Emitter<KnownListing>());
  readonly #looking = new OneAtATime(() => this.#look());
  #listing: KnownListing | undefined;

  readonly onDidChangeTreeData = this.#changed.event;
  /** Every look at all runs. */
  readonly onLook = this.#looked.event;

  constructor(
    private readonly runs: Runs,
    private readonly known: KnownRuns,
    guard: Guard,
  ) {
    const view = vscode.window.createTreeView('grpoLens.runs', { treeDataProvider: this });
    this.#owned.add(view);
    this.#owned.add(view.onDidChangeVisibility(({ visible }) => visible && void this.refresh()));
    this.#owned.add(guard.command('grpoLens.adoptRun', () => this.#adopt()));
    this.#owned.add(guard.command('grpoLens.refreshRuns', () => this.refresh()));
    this.#owned.add(vscode.workspace.onDidChangeWorkspaceFolders(() => void this.refresh()));
  }

  async refresh(): Promise<void> {
    await this.#looking.call();
    this.#changed.fire(undefined);
  }

  /** Every run that is known, looked up now. */
  async all(): Promise<readonly Listed[]> {
    return (await this.#freshListing())?.runs ?? [];
  }

  /**
   * The run of a folder or with an id. A folder that no look has shown is adopted for the moment, without asking any
   * target: a host that does not answer must not keep a folder here from being opened.
   */
  async find(word: string): Promise<Run> {
    const known = runIn(this.#listing, word) ?? (isPath(word) ? undefined : runIn(await this.#freshListing(), word));
    if (known) return known;
    const folder = await adopt(word);
    return adoptedRun(folder, await glance(folder), Date.now());
  }

  async getChildren(node?: Node): Promise<Node[]> {
    if (node && 'run' in node) return [];
    const runs = this.#listing?.runs ?? (await this.all());
    if (node) return runs.filter(({ run }) => run.target === node.target);
    const silent = this.#listing?.problems.map(({ target }) => target) ?? [];
    return [...new Set([...runs.map(({ run }) => run.target), ...silent])].map((target) => ({ target }));
  }

  getTreeItem(node: Node): vscode.TreeItem {
    if ('run' in node) return itemOf(node);
    return targetItem(node.target, this.#listing?.problems.find(({ target }) => target === node.target)?.text);
  }

  async #freshListing(): Promise<KnownListing | undefined> {
    await this.#looking.call();
    return this.#listing;
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
    const run = await this.runs.adopt(await adopt(first.fsPath));
    await this.refresh();
    await vscode.commands.executeCommand('grpoLens.openRun', run.id);
  }

  async #look(): Promise<void> {
    const roots = (vscode.workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === 'file');
    this.#listing = await this.known.list(roots.map(({ uri }) => uri.fsPath));
    this.#looked.fire(this.#listing);
  }

  dispose(): void {
    this.#owned.dispose();
  }
}

function runIn(listing: KnownListing | undefined, word: string): Run | undefined {
  return listing?.runs.find(({ run }) => run.id === word || run.folder === word || run.outputs === word)?.run;
}

function isPath(word: string): boolean {
  return /[\\/]/.test(word);
}

function targetItem(target: string, problem: string | undefined): vscode.TreeItem {
  const item = new vscode.TreeItem(target, vscode.TreeItemCollapsibleState.Expanded);
  item.iconPath = new vscode.ThemeIcon(problem === undefined ? (target === 'here' ? 'vm' : 'remote') : 'warning');
  item.contextValue = 'target';
  if (problem !== undefined) item.description = item.tooltip = problem;
  return item;
}

function itemOf({ run, reached }: Listed): vscode.TreeItem {
  const item = new vscode.TreeItem(run.name);
  item.id = run.id;
  item.iconPath = ICONS[run.state];
  item.description = describe({ run, ...(reached ? { reached } : {}) });
  item.tooltip = run.folder;
  item.contextValue = `${run.launch ? 'run' : 'adopted'}-${run.state}`;
  item.command = { command: 'grpoLens.openRun', title: 'Open Run', arguments: [run.id] };
  return item;
}

/** `running · step 12 of 40`, as far as it is known. */
export function describe({ run, reached }: Listed): string {
  if (!reached || reached.step === 0) return run.state;
  const { step, steps } = reached;
  return `${run.state} · ${steps === undefined ? `step ${step}` : `step ${step} of ${steps}`}`;
}
