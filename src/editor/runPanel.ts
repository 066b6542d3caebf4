import * as vscode from 'vscode';
import { Disposables, type Disposable } from '../base/disposable';
import { RunMetrics } from '../machine/metrics';
import { adopt, adoptedRun } from '../machine/outputs';
import { curveOf, headerOf } from '../wire/opening';
import { runPanelGuards, type RunOpening, type RunPanel } from '../wire/runPanel';
import type { Guard } from './guard';
import type { Opened, Pages } from './panel';
import { placeOf, type RunTree } from './runs';

/** Opens run panels, one for each run, and answers them from the run's folder. */
export class RunPanels implements Disposable {
  readonly #owned = new Disposables();
  readonly #open = new Map<string, Opened<RunPanel>>();

  constructor(
    private readonly pages: Pages,
    private readonly tree: RunTree,
    guard: Guard,
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
    const metrics = new RunMetrics(folder);
    const { name } = adoptedRun(folder, metrics, Date.now());
    const opened = this.pages.open<RunPanel>('grpoLens.run', name, {
      bundle: 'run',
      guards: runPanelGuards,
      methods: {
        hello: ({ width }) => opening(metrics, width),
        completions: async () => {
          await vscode.commands.executeCommand('grpoLens.openCompletions', folder);
          return null;
        },
      },
    });
    this.#open.set(folder, opened);
    opened.panel.onDidDispose(() => this.#open.delete(folder));
  }

  dispose(): void {
    for (const { panel } of this.#open.values()) panel.dispose();
    this.#owned.dispose();
  }
}

/** Everything that the folder tells now. */
async function opening(metrics: RunMetrics, width: number): Promise<RunOpening> {
  await metrics.refresh();
  return {
    header: headerOf(adoptedRun(metrics.folder, metrics, Date.now()), metrics),
    curves: metrics.curves.all().map((series) => curveOf(series, width)),
    problems: metrics.problems,
  };
}
