import * as vscode from 'vscode';
import { Disposables, type Disposable } from '../../base/disposable';
import { Emitter } from '../../base/event';
import { OneAtATime } from '../../base/pace';
import { Problem } from '../../domain/problem';
import type { Run } from '../../domain/runs/run';
import { onceEach } from '../../domain/runs/sameRun';
import type { KnownRuns, Listed } from '../../machine/runs/known';
import { adopt, adoptedRun, glance } from '../../machine/runs/outputs';
import type { Runs } from '../../machine/runs/runs';
import type { Targets } from '../../machine/hosts/targets';
import type { Guard } from '../guard';
import { childrenOf, itemOf, type Node, type TargetNode } from './runItems';

/** How long a choice among all runs waits for hosts that are slow, in milliseconds. */
const PATIENCE = 1500;

interface Parts {
  readonly runs: Runs;
  readonly targets: Targets;
  readonly known: KnownRuns;
}

/** The tree of runs by host and state: those of all targets, each shown as soon as it has answered, and output folders in the workspace. */
export class RunTree implements vscode.TreeDataProvider<Node>, Disposable {
  readonly #owned = new Disposables();
  readonly #changed = this.#owned.add(new Emitter<Node | undefined>());
  readonly #looked = this.#owned.add(new Emitter<readonly Listed[]>());
  readonly #looking = new Map<string, OneAtATime>();
  readonly #view: vscode.TreeView<Node>;
  #targets: readonly TargetNode[] = [];

  readonly onDidChangeTreeData = this.#changed.event;
  /** All runs that are known, whenever one target was looked at. */
  readonly onLook = this.#looked.event;
  /** Looks at one target, or at all, for one who does not wait: what goes wrong is said. */
  readonly lookAround: (only?: string) => Promise<void>;

  constructor(
    private readonly parts: Parts,
    guard: Guard,
  ) {
    this.lookAround = guard.wrap('looking at the runs', (only?: string) => this.refresh(only));
    this.#view = this.#owned.add(vscode.window.createTreeView('grpoLens.runs', { treeDataProvider: this }));
    this.#owned.add(this.#view.onDidChangeVisibility(({ visible }) => visible && void this.lookAround()));
    this.#owned.add(guard.command('grpoLens.adoptRun', () => this.#adopt()));
    this.#owned.add(guard.command('grpoLens.refreshRuns', () => this.refresh()));
    this.#owned.add(vscode.workspace.onDidChangeWorkspaceFolders(() => void this.lookAround('here')));
  }

  /** Is someone looking at the tree? */
  get visible(): boolean {
    return this.#view.visible;
  }

  /** Looks at one target, or at all; settles when every one has answered or failed. */
  async refresh(only?: string): Promise<void> {
    const names = (await this.parts.targets.all()).map(({ name }) => name);
    const before = new Map(this.#targets.map((node) => [node.target, node]));
    this.#targets = names.map((target) => before.get(target) ?? { target, runs: [], asking: true });
    if (names.some((name) => !before.has(name))) this.#changed.fire(undefined);
    await Promise.all(names.filter((name) => only === undefined || name === only).map((name) => this.#lookAt(name)));
  }

  /** Looks again only at those runs of a target that have not ended: all that a notification needs. */
  async check(target: string): Promise<void> {
    const node = this.#targets.find((known) => known.target === target);
    const open = node?.runs.filter(({ run }) => run.state === 'running' || run.state === 'queued') ?? [];
    if (!node || open.length === 0) return;
    if (open.some(({ run }) => run.facts.adopted)) return this.#lookAt(target);
    const ids = open.map(({ run }) => run.id);
    const now = await this.parts.known.again(target, ids).catch((error: unknown) => {
      if (error instanceof Problem) return undefined;
      throw error;
    });
    if (!now) return this.#lookAt(target);
    const news = new Map(now.map((listed) => [listed.run.id, listed]));
    this.#put({ ...node, runs: node.runs.map((listed) => news.get(listed.run.id) ?? listed) });
  }

  /** Every run that is known, looked up now; a host that is slow is not waited for. */
  async all(): Promise<readonly Listed[]> {
    await Promise.race([this.refresh(), pause(PATIENCE)]);
    return this.#listed();
  }

  /**
   * The run of a folder or with an id. A folder that no look has shown is adopted for the moment, without asking any
   * target: a host that does not answer must not keep a folder here from being opened.
   */
  async find(word: string): Promise<Run> {
    const known = this.#known(word) ?? (isPath(word) ? undefined : await this.#awaited(word));
    if (known) return known;
    const folder = await adopt(word);
    return adoptedRun(folder, await glance(folder), Date.now());
  }

  async getChildren(node?: Node): Promise<Node[]> {
    if (node) return childrenOf(node);
    if (this.#targets.length === 0) await Promise.race([this.lookAround(), pause(0)]);
    const [here, ...others] = this.#targets;
    const quiet = !here || (others.length === 0 && here.runs.length === 0 && !here.asking);
    return quiet ? [] : this.#shown();
  }

  getTreeItem(node: Node): vscode.TreeItem {
    return itemOf(node);
  }

  #listed(): Listed[] {
    return this.#shown().flatMap(({ runs }) => runs);
  }

  /** The targets as they are shown: a run that several of them tell of stands with one. */
  #shown(): TargetNode[] {
    const kept = new Set(onceEach(this.#targets.flatMap(({ runs }) => runs.map(({ run }) => run))));
    return this.#targets.map((node) => ({ ...node, runs: node.runs.filter(({ run }) => kept.has(run)) }));
  }

  #known(word: string): Run | undefined {
    return this.#listed().find(({ run }) => run.id === word || run.folder === word || run.outputs === word)?.run;
  }

  /** The run as soon as one target tells of it. */
  #awaited(word: string): Promise<Run | undefined> {
    return new Promise((resolve, reject) => {
      const heard = this.onLook(() => {
        const found = this.#known(word);
        if (found) done(found);
      });
      const done = (run: Run | undefined): void => {
        heard.dispose();
        resolve(run);
      };
      void this.refresh()
        .then(() => done(this.#known(word)), reject)
        .finally(() => heard.dispose());
    });
  }

  #lookAt(target: string): Promise<void> {
    let looking = this.#looking.get(target);
    if (!looking) this.#looking.set(target, (looking = new OneAtATime(() => this.#look(target))));
    return looking.call();
  }

  async #look(target: string): Promise<void> {
    const folders = vscode.workspace.workspaceFolders ?? [];
    const roots = folders.filter(({ uri }) => uri.scheme === 'file').map(({ uri }) => uri.fsPath);
    const look = await this.parts.known.look(target, roots);
    const before = this.#targets.find((node) => node.target === target);
    const lost = look.problem !== undefined;
    const node: TargetNode = {
      target,
      // Losing contact is about us: what was known of its runs stays.
      runs: lost ? (before?.runs ?? []) : look.runs,
      asking: false,
      ...(lost ? { problem: look.problem, lostAt: before?.lostAt ?? Date.now() } : {}),
      ...(look.remedy === undefined ? {} : { remedy: look.remedy }),
    };
    this.#put(node);
  }

  #put(node: TargetNode): void {
    this.#targets = this.#targets.map((known) => (known.target === node.target ? node : known));
    this.#changed.fire(undefined);
    this.#looked.fire(this.#listed());
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
    const run = await this.parts.runs.adopt(await adopt(first.fsPath));
    await this.refresh('here');
    await vscode.commands.executeCommand('grpoLens.openRun', run.id);
  }

  dispose(): void {
    this.#owned.dispose();
  }
}

const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

function isPath(word: string): boolean {
  return /[\\/]/.test(word);
}
