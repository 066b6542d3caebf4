import * as vscode from 'vscode';
import { Disposables, type Disposable } from '../base/disposable';
import type { Run, RunState } from '../domain/run';
import type { Listed } from '../machine/known';
import { describe } from './runItems';
import type { RunTree } from './runs';

/** Between two looks while something runs, with nobody looking, in milliseconds: the notification needs no more. */
const LOOK_MS = 15_000;
/** After the start of a window; everything else comes first. */
const START_MS = 3000;
const KEY = 'grpoLens.running';
/** The same while the tree of runs is looked at. */
const SEEN_MS = 5000;

/** A status bar item for what runs, and a notification when a run ends. */
export class RunStatus implements Disposable {
  readonly #owned = new Disposables();
  readonly #item = this.#owned.add(vscode.window.createStatusBarItem(vscode.StatusBarAlignment.Left, 5));
  readonly #states = new Map<string, RunState>();
  #timer: NodeJS.Timeout | undefined;

  /** `memory`: where it is kept on which hosts something ran, so that the next window looks at those, and at no others. */
  constructor(
    private readonly tree: RunTree,
    private readonly memory: vscode.Memento,
  ) {
    this.#item.command = 'grpoLens.openRun';
    this.#owned.add(tree.onLook((runs) => this.#show(runs)));
    this.#timer = setTimeout(() => {
      for (const target of memory.get<readonly string[]>(KEY, [])) void tree.refresh(target);
    }, START_MS);
  }

  #show(runs: readonly Listed[]): void {
    for (const { run } of runs) this.#notify(run);
    const running = runs.filter(({ run }) => run.state === 'running' || run.state === 'queued');
    clearTimeout(this.#timer);
    this.#remember([...new Set(running.map(({ run }) => run.target))]);
    if (running.length === 0) return this.#item.hide();
    const [first, ...others] = running;
    const place = first?.reached && first.reached.step > 0 ? ` ${shareOf(first.reached)}` : '';
    this.#item.text = `$(pulse) ${first?.run.name}${place}${others.length > 0 ? ` +${others.length}` : ''}`;
    this.#item.tooltip = running.map((listed) => `${listed.run.name}: ${describe(listed)}`).join('\n');
    this.#item.show();
    this.#timer = setTimeout(() => this.#again(running), this.tree.visible ? SEEN_MS : LOOK_MS);
  }

  #remember(targets: readonly string[]): void {
    const before = this.memory.get<readonly string[]>(KEY, []);
    if (before.join() !== targets.join()) void this.memory.update(KEY, targets);
  }

  /** Only hosts on which something runs are asked. */
  #again(running: readonly Listed[]): void {
    for (const target of new Set(running.map(({ run }) => run.target))) void this.tree.check(target);
  }

  /** Says once that a run has ended that was seen running. */
  #notify(run: Run): void {
    const before = this.#states.get(run.id);
    this.#states.set(run.id, run.state);
    if (before !== 'running' || run.state === 'running') return;
    if (run.state === 'succeeded')
      offer(run, vscode.window.showInformationMessage(`${run.name} has succeeded.`, 'Open'));
    else if (run.state === 'failed') offer(run, vscode.window.showErrorMessage(`${run.name} has failed.`, 'Open'));
    else if (run.state === 'stopped')
      offer(run, vscode.window.showInformationMessage(`${run.name} was stopped.`, 'Open'));
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#owned.dispose();
  }
}

/** `55 %`, or the step where the end is not known. */
function shareOf({ step, steps }: NonNullable<Listed['reached']>): string {
  return steps ? `${Math.round((100 * step) / steps)} %` : `step ${step}`;
}

function offer(run: Run, asked: Thenable<string | undefined>): void {
  void asked.then((answer) => {
    if (answer !== undefined) void vscode.commands.executeCommand('grpoLens.openRun', run.id);
  });
}
