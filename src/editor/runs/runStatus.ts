import * as vscode from 'vscode';
import { Disposables, type Disposable } from '../../base/disposable';
import { endedSince, endWords, goingAfter, isGoing, type EndWords, type Going } from '../../domain/ending';
import type { Run, RunId } from '../../domain/runs/run';
import type { Listed } from '../../machine/runs/known';
import { describe } from './runItems';
import type { RunTree } from './runs';

/** Between two looks while something runs, with nobody looking, in milliseconds: the notification needs no more. */
const LOOK_MS = 15_000;
/** After the start of a window; everything else comes first. */
const START_MS = 3000;
const KEY = 'grpoLens.runsRunning';
/** The same while the tree of runs is looked at. */
const SEEN_MS = 5000;

/** A status bar item for what runs, and a notification when a run ends. */
export class RunStatus implements Disposable {
  readonly #owned = new Disposables();
  readonly #item = this.#owned.add(vscode.window.createStatusBarItem(vscode.StatusBarAlignment.Left, 5));
  #going: Going;
  readonly #left = new Set<RunId>();
  #timer: NodeJS.Timeout | undefined;
  readonly #start: NodeJS.Timeout;

  /** `memory`: where it is kept what ran where, so that the next window looks there, and nowhere else, and tells what has ended. */
  constructor(
    private readonly tree: RunTree,
    private readonly memory: vscode.Memento,
  ) {
    this.#item.command = 'grpoLens.openRun';
    this.#owned.add(tree.onLook((runs) => this.#show(runs)));
    this.#going = memory.get<Going>(KEY, {});
    this.#start = setTimeout(() => {
      for (const target of new Set(Object.values(this.#going))) void tree.lookAround(target);
    }, START_MS);
  }

  /** The end of this run is told by somebody else while this window is open. */
  leave(id: RunId): void {
    this.#left.add(id);
  }

  #show(runs: readonly Listed[]): void {
    this.#follow(runs.map(({ run }) => run));
    const running = runs.filter(({ run }) => isGoing(run));
    clearTimeout(this.#timer);
    if (running.length === 0) return this.#item.hide();
    const [first, ...others] = running;
    const place = first?.reached && first.reached.step > 0 ? ` ${shareOf(first.reached)}` : '';
    this.#item.text = `$(pulse) ${first?.run.name}${place}${others.length > 0 ? ` +${others.length}` : ''}`;
    this.#item.tooltip = running.map((listed) => `${listed.run.name}: ${describe(listed)}`).join('\n');
    this.#item.show();
    this.#timer = setTimeout(() => this.#again(running), this.tree.visible ? SEEN_MS : LOOK_MS);
  }

  /** Says once that a run has ended that was seen going, by this window or by one before it. */
  #follow(runs: readonly Run[]): void {
    const before = this.#going;
    this.#going = goingAfter(before, runs);
    if (JSON.stringify(before) !== JSON.stringify(this.#going)) void this.memory.update(KEY, this.#going);
    for (const run of endedSince(before, runs)) {
      const words = this.#left.has(run.id) ? undefined : endWords(run);
      if (words) offer(run, SHOWN[words.weight](words.text, 'Open'));
    }
  }

  /** Only hosts on which something runs are asked. */
  #again(running: readonly Listed[]): void {
    for (const target of new Set(running.map(({ run }) => run.target))) void this.tree.check(target);
  }

  dispose(): void {
    clearTimeout(this.#start);
    clearTimeout(this.#timer);
    this.#owned.dispose();
  }
}

const SHOWN: Readonly<Record<EndWords['weight'], (text: string, act: string) => Thenable<string | undefined>>> = {
  info: (text, act) => vscode.window.showInformationMessage(text, act),
  warning: (text, act) => vscode.window.showWarningMessage(text, act),
  error: (text, act) => vscode.window.showErrorMessage(text, act),
};

/** `55 %`, or the step where the end is not known. */
function shareOf({ step, steps }: NonNullable<Listed['reached']>): string {
  return steps ? `${Math.round((100 * step) / steps)} %` : `step ${step}`;
}

function offer(run: Run, asked: Thenable<string | undefined>): void {
  void asked.then((answer) => {
    if (answer !== undefined) void vscode.commands.executeCommand('grpoLens.openRun', run.id);
  });
}
