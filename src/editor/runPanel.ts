import * as vscode from 'vscode';
import { Disposables, type Disposable } from '../base/disposable';
import { Problem } from '../domain/problem';
import { findInLog, firstError, readLog } from '../machine/logText';
import { OpenedRun } from '../machine/openedRun';
import { adopt, adoptedRun } from '../machine/outputs';
import { runPanelGuards, type RunPanel } from '../wire/runPanel';
import type { Methods } from '../wire/wire';
import { Following } from './following';
import type { Guard } from './guard';
import type { Opened, Pages } from './panel';
import { keepPicture, openSource } from './runFiles';
import { placeOf, type RunTree } from './runs';

/** Opens run panels, one for each run, and answers them from the run's folder. */
export class RunPanels implements Disposable {
  readonly #owned = new Disposables();
  readonly #open = new Map<string, Opened<RunPanel>>();

  constructor(
    private readonly pages: Pages,
    private readonly tree: RunTree,
    private readonly guard: Guard,
  ) {
    this.#owned.add(guard.command('grpoLens.openRun', (folder) => this.#choose(folder)));
  }

  async #choose(folder: string | undefined): Promise<void> {
    const chosen = folder ?? (await this.#ask());
    if (chosen !== undefined) this.#show(await adopt(chosen));
  }

  async #ask(): Promise<string | undefined> {
    const runs = await this.tree.runs();
    const items = runs.map(({ run, reached }) => ({
      label: run.name,
      description: [run.state, placeOf(reached)].filter(Boolean).join(' · '),
      detail: run.folder,
    }));
    const other = { label: 'Another folder…', description: '', detail: '' };
    const chosen = await vscode.window.showQuickPick([...items, other], { title: 'Open a run' });
    if (chosen !== other) return chosen?.detail;
    await vscode.commands.executeCommand('grpoLens.adoptRun');
    return undefined;
  }

  #show(folder: string): void {
    const before = this.#open.get(folder);
    if (before) return before.panel.reveal();
    const run = new OpenedRun((metrics) => adoptedRun(folder, metrics, Date.now()), [folder]);
    const { name } = adoptedRun(folder, run.metrics, Date.now());
    const following = new Following(run, (news) => opened.tell('grown', news), this.guard);
    const opened = this.pages.open<RunPanel>('grpoLens.run', name, {
      bundle: 'run',
      guards: runPanelGuards,
      methods: methodsOf(folder, run, following),
    });
    following.visible = opened.panel.visible;
    opened.panel.onDidChangeViewState(({ webviewPanel }) => (following.visible = webviewPanel.visible));
    this.#open.set(folder, opened);
    opened.panel.onDidDispose(() => {
      this.#open.delete(folder);
      following.dispose();
    });
  }

  dispose(): void {
    for (const { panel } of [...this.#open.values()]) panel.dispose();
    this.#owned.dispose();
  }
}

function methodsOf(folder: string, run: OpenedRun, following: Following): Methods<RunPanel> {
  return {
    hello: ({ width }) => following.start(width),
    completions: async ({ step }) => {
      await vscode.commands.executeCommand('grpoLens.openCompletions', folder, `step = ${step}`);
      return null;
    },
    log: ({ around }) => {
      const path = run.metrics.logs.at(-1);
      return path === undefined ? null : readLog(path, around ?? undefined);
    },
    find: ({ text }) => findInLog(logOf(run), text),
    firstError: async () => (await firstError(logOf(run))) ?? null,
    open: async ({ path, line }) => {
      await openSource(path, line, folder);
      return null;
    },
    keep: async (asked) => {
      await keepPicture(asked);
      return null;
    },
  };
}

function logOf(run: OpenedRun): string {
  const path = run.metrics.logs.at(-1);
  if (path !== undefined) return path;
  throw new Problem({ code: 'missing', message: `${run.folders[0]} has no log of what the trainer printed.` });
}
