import * as vscode from 'vscode';
import { Disposables, type Disposable } from '../../base/disposable';
import { Emitter } from '../../base/event';
import { Problem } from '../../domain/problem';
import type { Explained } from '../../domain/rewards/explained';
import { firstOf, worstOf } from '../../domain/rewards/choice';
import type { Guard } from '../guard';
import { keyOf, sourceOf } from './cells';
import { setting } from '../settings';
import type { Pythons } from './pythons';
import type { Scoring, Shown } from './scoring';

/** One sample of one reward, explained. */
export interface Selected {
  readonly reward: string;
  /** Index among the samples. */
  readonly sample: number;
  readonly version: number;
  /** Number of its group in the record, where groups are known. */
  readonly group?: number;
  readonly explained?: Explained;
}

/** The sample that is looked at in each reward file: its values stand beside the lines. */
export class Selection implements Disposable {
  readonly #owned = new Disposables();
  readonly #changed = this.#owned.add(new Emitter<vscode.Uri>());
  readonly #selected = new Map<string, Selected>();
  /** What was asked for last, while it is still being explained too: the next step goes on from there. */
  readonly #wished = new Map<string, Pick<Selected, 'reward' | 'sample'>>();

  readonly onChange = this.#changed.event;

  constructor(
    private readonly scoring: Scoring,
    private readonly pythons: Pythons,
    guard: Guard,
  ) {
    const again = guard.quietly('explaining a sample', (uri: vscode.Uri) => this.#refresh(uri));
    this.#owned.add(scoring.onChange((uri) => void again(uri)));
    this.#owned.add(guard.command('grpoLens.nextSample', (file, reward) => this.#step(file, reward, 1)));
    this.#owned.add(guard.command('grpoLens.previousSample', (file, reward) => this.#step(file, reward, -1)));
    this.#owned.add(guard.command('grpoLens.worstSample', (file, reward) => this.#worst(file, reward)));
    this.#owned.add(vscode.workspace.onDidCloseTextDocument(({ uri }) => this.#forget(uri.toString())));
  }

  of(document: vscode.TextDocument): Selected | undefined {
    return this.#selected.get(document.uri.toString());
  }

  /** Looks at one sample of a reward, and explains it. */
  async select(document: vscode.TextDocument, reward: string, sample: number): Promise<Explained | undefined> {
    const { version } = document;
    const key = document.uri.toString();
    const shown = this.#shown(document, reward);
    const wish = { reward: shown.reward.name, sample };
    this.#wished.set(key, wish);
    const explained = await this.#explain(document, shown, sample);
    if (document.version !== version) return undefined;
    if (this.#wished.get(key) !== wish) return explained;
    const group = shown.groups?.[sample];
    this.#selected.set(key, {
      reward: shown.reward.name,
      sample,
      version,
      ...(group === undefined || group < 0 ? {} : { group }),
      ...(explained ? { explained } : {}),
    });
    this.#changed.fire(document.uri);
    return explained;
  }

  dispose(): void {
    this.#owned.dispose();
  }

  #forget(key: string): void {
    this.#selected.delete(key);
    this.#wished.delete(key);
  }

  /** After an edit, the same sample again; in a file that was just opened, the first one that lost points. */
  async #refresh(uri: vscode.Uri): Promise<void> {
    const document = vscode.workspace.textDocuments.find((open) => open.uri.toString() === uri.toString());
    const scores = document && this.scoring.of(document);
    if (!document || !scores || scores.version !== document.version || scores.broken) return;
    const before = this.#wished.get(document.uri.toString());
    const shown = scores.rewards.find(({ reward }) => reward.name === before?.reward) ?? scores.rewards[0];
    if (!shown?.trace) return;
    const sample = before?.reward === shown.reward.name ? before.sample : firstOf(shown.trace.scores);
    await this.select(document, shown.reward.name, Math.min(sample, shown.trace.scores.length - 1));
  }

  async #step(file: string | undefined, reward: string | undefined, by: number): Promise<void> {
    const document = openDocument(file);
    const shown = this.#shown(document, reward ?? this.of(document)?.reward);
    const count = shown.trace?.scores.length ?? 0;
    if (count === 0) return;
    const at = this.#at(document, shown);
    await this.select(document, shown.reward.name, (at + by + count) % count);
  }

  async #worst(file: string | undefined, reward: string | undefined): Promise<void> {
    const document = openDocument(file);
    const shown = this.#shown(document, reward ?? this.of(document)?.reward);
    const after = this.#at(document, shown);
    await this.select(document, shown.reward.name, worstOf(shown.trace?.scores ?? [], after));
  }

  #at(document: vscode.TextDocument, shown: Shown): number {
    const before = this.#wished.get(document.uri.toString());
    return before?.reward === shown.reward.name ? before.sample : 0;
  }

  #shown(document: vscode.TextDocument, reward: string | undefined): Shown {
    const rewards = this.scoring.of(document)?.rewards ?? [];
    const shown = reward === undefined ? rewards[0] : rewards.find((one) => one.reward.name === reward);
    if (shown) return shown;
    throw new Problem({
      code: 'missing',
      message: 'No reward of this file has been scored yet; choose samples for it first.',
    });
  }

  async #explain(
    document: vscode.TextDocument,
    { reward, prepared, given, trace }: Shown,
    sample: number,
  ): Promise<Explained | undefined> {
    if (!prepared || sample < 0) return undefined;
    const rewards = await this.pythons.of(document.uri);
    const job = { source: sourceOf(document), path: document.fileName, reward: reward.name, samples: prepared.samples };
    const timeout = setting('grpoLens.rewards.timeout', document.uri);
    return rewards.explain({ ...job, ...given, timeout, whole: trace?.check.followed === true }, sample);
  }
}

/** The reward file or cell by its key, else the one that is edited. Errors: `bad-input`. */
export function openDocument(file: string | undefined): vscode.TextDocument {
  const open = vscode.workspace.textDocuments.find((document) => keyOf(document) === file);
  const document = open ?? vscode.window.activeTextEditor?.document;
  if (document?.languageId === 'python') return document;
  throw new Problem({ code: 'bad-input', message: 'Open the reward file whose samples you want to look at.' });
}
