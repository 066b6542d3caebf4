import * as vscode from 'vscode';
import { Disposables, type Disposable } from '../../base/disposable';
import { Emitter } from '../../base/event';
import { Debounced } from '../../base/pace';
import type { Baseline } from '../../domain/flips';
import { Problem } from '../../domain/problem';
import type { Reward } from '../../domain/reward';
import type { Score } from '../../domain/score';
import type { TraceRun } from '../../domain/trace';
import type { FoundRewards } from '../../wire/runner';
import { firstRows, prepare, recordedScores, type Prepared } from '../../machine/samples';
import type { Table } from '../../machine/table';
import { setting } from '../settings';
import type { Guard } from '../guard';
import { mayHoldRewards, sourceOf } from './cells';
import type { Pythons } from './pythons';
import type { Sources } from './sources';

/** A reward with what it gave. */
export interface Shown {
  readonly reward: Reward;
  readonly prepared?: Prepared;
  readonly trace?: TraceRun;
  /** What the scores are compared with: those that were recorded, else those of the text when it was first scored. */
  readonly before?: Baseline;
  readonly problem?: Problem;
}

/** What is known of one reward file's text. */
export interface Scores {
  /** Version of the document that the numbers belong to. */
  readonly version: number;
  readonly rewards: readonly Shown[];
  readonly broken?: FoundRewards['broken'];
  /** Path of the samples, and how many rows there are in all. */
  readonly source?: string;
  readonly total?: number;
  /** What keeps every reward of the file from being scored. */
  readonly problem?: Problem;
}

interface Ran {
  readonly table: Table;
  readonly rows: readonly number[];
  readonly scores: readonly Score[];
}

const PAUSE_MS = 150;
/** Cheap signs of a reward file; Python is not asked about files without one. */
const SIGNS = /\bcompletions\b|\bsolution_str\b|\breward_inputs?\b|\bORM\b/;

/** Keeps the scores of every open reward file, run again after each pause in typing. */
export class Scoring implements Disposable {
  readonly #owned = new Disposables();
  readonly #changed = this.#owned.add(new Emitter<vscode.Uri>());
  readonly #kept = new Map<string, Scores>();
  readonly #pauses = new Map<string, Debounced>();
  readonly #first = new Map<string, readonly Score[]>();

  readonly onChange = this.#changed.event;

  constructor(
    private readonly pythons: Pythons,
    private readonly sources: Sources,
    private readonly guard: Guard,
  ) {
    const again = (document: vscode.TextDocument): void => this.#soon(document);
    this.#owned.add(vscode.workspace.onDidOpenTextDocument(again));
    this.#owned.add(vscode.workspace.onDidChangeTextDocument(({ document }) => again(document)));
    this.#owned.add(vscode.workspace.onDidCloseTextDocument((document) => this.#forget(document)));
    this.#owned.add(vscode.workspace.onDidGrantWorkspaceTrust(() => this.all()));
    this.#owned.add(sources.onChange(() => this.all()));
    this.#owned.add(pythons.onChange(() => this.all()));
    this.all();
  }

  of(document: vscode.TextDocument): Scores | undefined {
    return this.#kept.get(document.uri.toString());
  }

  /** Runs the rewards of every open file again. */
  all(): void {
    for (const document of vscode.workspace.textDocuments) this.#soon(document);
  }

  dispose(): void {
    for (const pause of this.#pauses.values()) pause.dispose();
    this.#owned.dispose();
  }

  #soon(document: vscode.TextDocument): void {
    if (!isRewardFile(document) || !vscode.workspace.isTrusted || !setting('grpoLens.rewards.enabled')) return;
    const key = document.uri.toString();
    const run = this.guard.quietly(`scoring ${document.fileName}`, () => this.#run(document));
    const pause = this.#pauses.get(key) ?? new Debounced(() => void run(), PAUSE_MS);
    this.#pauses.set(key, pause);
    pause.call();
  }

  #forget(document: vscode.TextDocument): void {
    const key = document.uri.toString();
    this.#pauses.get(key)?.dispose();
    this.#pauses.delete(key);
    this.#kept.delete(key);
  }

  async #run(document: vscode.TextDocument): Promise<void> {
    const { version } = document;
    const scores = await this.#scores(document, version).catch((error: unknown) => {
      if (!(error instanceof Problem)) throw error;
      if (error.code === 'cancelled') return undefined;
      return { version, rewards: this.of(document)?.rewards ?? [], problem: error };
    });
    if (scores && document.version === version) this.#keep(document, scores);
  }

  #keep(document: vscode.TextDocument, scores: Scores): void {
    this.#kept.set(document.uri.toString(), scores);
    this.#changed.fire(document.uri);
  }

  #before(document: vscode.TextDocument, reward: Reward, { table, rows, scores }: Ran): Baseline {
    const recorded = recordedScores(table, reward, rows);
    if (recorded) return { name: 'the record', scores: recorded };
    const key = [document.uri.toString(), reward.name, table.path, rows.length].join('\n');
    const first = this.#first.get(key) ?? scores;
    this.#first.set(key, first);
    return { name: 'the text as it was opened', scores: first };
  }

  async #scores(document: vscode.TextDocument, version: number): Promise<Scores | undefined> {
    const source = sourceOf(document);
    const rewards = await this.pythons.of(document.uri);
    const found = await rewards.find(source, document.fileName);
    if (document.version !== version) return undefined;
    const before = this.of(document)?.rewards ?? [];
    if (found.broken) return { version, rewards: before, broken: found.broken };
    const samples = await this.sources.of(document.fileName);
    if (samples === undefined) return { version, rewards: found.rewards.map((reward) => ({ reward })) };
    const table = await this.sources.table(samples);
    const rows = firstRows(table, setting('grpoLens.rewards.maxSamples', document.uri));
    const score = async (reward: Reward): Promise<Shown> => {
      const prepared = await prepare(table, reward.needs, rows);
      const job = { source, path: document.fileName, reward: reward.name, samples: prepared.samples };
      const groups = prepared.rows.map((row) => table.group[row] ?? -1);
      const timeout = setting('grpoLens.rewards.timeout', document.uri);
      const trace = await rewards.trace({ ...job, timeout, ...(groups.includes(-1) ? {} : { groups }) });
      return {
        reward,
        prepared,
        trace,
        before: this.#before(document, reward, { table, rows: prepared.rows, scores: trace.scores }),
      };
    };
    const shown: Shown[] = [];
    for (const reward of found.rewards)
      shown.push(await score(reward).catch((error: unknown) => failed(reward, error)));
    return { version, rewards: shown, source: samples, total: table.rows };
  }
}

/** A reward that fails leaves the others standing; a cancelled one ends the whole run. */
function failed(reward: Reward, error: unknown): Shown {
  if (error instanceof Problem && error.code !== 'cancelled') return { reward, problem: error };
  throw error;
}

export function isRewardFile(document: vscode.TextDocument): boolean {
  return mayHoldRewards(document) && SIGNS.test(document.getText());
}
