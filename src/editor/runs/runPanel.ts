import * as vscode from 'vscode';
import { Disposables, type Disposable } from '../../base/disposable';
import type { CommandId } from '../../contributions';
import { Problem } from '../../domain/problem';
import type { Run } from '../../domain/runs/run';
import { configurationOf } from '../../machine/config/configuration';
import { findInLog, firstError, readLog } from '../../machine/runs/logText';
import type { KnownRuns } from '../../machine/runs/known';
import type { OpenedRun } from '../../machine/runs/openedRun';
import { completionsOf } from '../../machine/runs/recorder';
import { runPanelGuards, type PanelAct, type RunPanel } from '../../wire/runPanel';
import type { Methods } from '../../wire/wire';
import { Following } from './following';
import type { Guard } from '../guard';
import type { Opened, Pages } from '../panel';
import { keepPicture, openSource, showSource } from './runFiles';
import { describe } from './runItems';
import type { RunTree } from './runs';
import type { ShownTexts } from './scripts';

/** Opens run panels, one for each run, and answers them from the run's folder. */
export class RunPanels implements Disposable {
  readonly #owned = new Disposables();
  readonly #open = new Map<string, Opened<RunPanel>>();

  constructor(
    private readonly pages: Pages,
    private readonly tree: RunTree,
    private readonly parts: { readonly known: KnownRuns; readonly texts: ShownTexts },
    private readonly guard: Guard,
  ) {
    this.#owned.add(guard.command('grpoLens.openRun', (folder) => this.#choose(folder)));
  }

  async #choose(folder: string | undefined): Promise<void> {
    const chosen = folder ?? (await this.#ask());
    if (chosen !== undefined) this.#show(await this.tree.find(chosen));
  }

  async #ask(): Promise<string | undefined> {
    const items = (await this.tree.all()).map((listed) => ({
      label: listed.run.name,
      description: describe(listed),
      detail: listed.run.folder,
      id: listed.run.id,
    }));
    const other = { label: 'Another folder…', description: '', detail: '', id: '' };
    const chosen = await vscode.window.showQuickPick([...items, other], { title: 'Open a run' });
    if (chosen !== other) return chosen?.id;
    await vscode.commands.executeCommand('grpoLens.adoptRun');
    return undefined;
  }

  #show(run: Run): void {
    const before = this.#open.get(run.id);
    if (before) return before.panel.reveal();
    const open = this.parts.known.open(run);
    const following = new Following(open, (news) => opened.tell('grown', news), this.guard);
    const opened = this.pages.open<RunPanel>('grpoLens.run', run.name, {
      bundle: 'run',
      guards: runPanelGuards,
      methods: methodsOf(run, open, { following, texts: this.parts.texts }),
    });
    following.visible = opened.panel.visible;
    opened.panel.onDidChangeViewState(({ webviewPanel }) => (following.visible = webviewPanel.visible));
    this.#open.set(run.id, opened);
    opened.panel.onDidDispose(() => {
      this.#open.delete(run.id);
      following.dispose();
    });
  }

  dispose(): void {
    for (const { panel } of [...this.#open.values()]) panel.dispose();
    this.#owned.dispose();
  }
}

interface Answering {
  readonly following: Following;
  readonly texts: ShownTexts;
}

function methodsOf(run: Run, open: OpenedRun, { following, texts }: Answering): Methods<RunPanel> {
  return {
    hello: ({ width }) => following.start(width),
    completions: async ({ step }) => {
      const path = await completionsOf(run, open.disk);
      const place = run.target === 'here' ? path : { target: run.target, path };
      await vscode.commands.executeCommand('grpoLens.openCompletions', place, `step=${step}`);
      return null;
    },
    configuration: () => configurationOf(run, open.disk),
    log: ({ around }) => {
      const path = open.metrics.logs.at(-1);
      return path === undefined ? null : readLog(open.disk, path, around ?? undefined);
    },
    find: ({ text }) => findInLog(open.disk, logOf(open), text),
    firstError: async () => (await firstError(open.disk, logOf(open))) ?? null,
    open: async ({ path, line }) => {
      if (run.target === 'here') await openSource(path, line, run.launch?.cwd ?? run.folder);
      else await showSource({ run, disk: open.disk, texts }, path, line);
      return null;
    },
    act: async ({ act }) => {
      await vscode.commands.executeCommand(ACTS[act], run.id);
      return null;
    },
    keep: async (asked) => {
      await keepPicture(asked);
      return null;
    },
  };
}

const ACTS = {
  stop: 'grpoLens.stopRun',
  resume: 'grpoLens.resumeRun',
  again: 'grpoLens.runAgain',
  change: 'grpoLens.runAgainWith',
  folder: 'grpoLens.openRunFolder',
  tracker: 'grpoLens.openTracker',
} as const satisfies Readonly<Record<PanelAct, CommandId>>;

function logOf({ metrics, folders }: OpenedRun): string {
  const path = metrics.logs.at(-1);
  if (path !== undefined) return path;
  throw new Problem({ code: 'missing', message: `${folders[0]} has no log of what the trainer printed.` });
}
