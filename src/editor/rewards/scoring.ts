import { channel } from 'node:diagnostics_channel';
import * as vscode from 'vscode';
import { Disposables, type Disposable } from '../../base/disposable';
import { Emitter } from '../../base/event';
import { Debounced } from '../../base/pace';
import type { Baseline } from '../../domain/rewards/flips';
import { Problem } from '../../domain/problem';
import type { Reward } from '../../domain/rewards/reward';
import type { Score } from '../../domain/score';
import type { Traced, TraceRun } from '../../domain/rewards/trace';
import { misuses } from '../../domain/rewards/rewardUse';
import type { FoundRewards } from '../../wire/runner';
import type { FoundUse } from '../../machine/rewards/rewardUses';
import type { Rewards, ScoreJob } from '../../machine/rewards/rewards';
import { prepareFirst, recordedScores, type Prepared } from '../../machine/rewards/samples';
import type { Table } from '../../machine/table/table';
import { onSetting, setting } from '../settings';
import type { Guard } from '../guard';
import { mayHoldRewards, sourceOf } from './cells';
import type { Consent } from './consent';
import type { Pythons } from './pythons';
import type { Sources } from './sources';
import type { Uses } from './uses';

/** A reward with what it gave. */
export interface Shown {
  readonly reward: Reward;
  readonly prepared?: Prepared;
  /** What a configuration gives to every call. */
  readonly given?: Given;
  readonly trace?: TraceRun;
  /** Group of each sample in the record; -1 where it is not known. */
  readonly groups?: readonly number[];
  /** What the scores are compared with: those that were recorded, else those of the text when it was first scored. */
  readonly before?: Baseline;
  readonly problem?: Problem;
  /** Every sample was traced by itself; the plain calls, whose scores count, are not through yet. */
  readonly early?: Early;
}

/** What is known before the plain calls have confirmed it. */
export interface Early {
  readonly scores: readonly Score[];
  readonly traced: Traced;
}

export type Given = Pick<ScoreJob, 'keywords' | 'settings'>;

/** What is known of one reward file's text. */
export interface Scores {
  /** Version of the document that the numbers belong to. */
  readonly version: number;
  readonly rewards: readonly Shown[];
  /** Functions that make rows of a data set. */
  readonly rowFunctions?: FoundRewards['rowFunctions'];
  /** The nearest configuration that trains with this file. */
  readonly use?: FoundUse;
  /** What that configuration and this file do not agree on. */
  readonly misuses?: ReturnType<typeof misuses>;
  /** What its code can reach, where the user has not agreed to run it yet. */
  readonly asks?: FoundRewards['reaches'];
  readonly broken?: FoundRewards['broken'];
  /** Path of the samples, and how many rows there are in all. */
  readonly source?: string;
  readonly total?: number;
  /** The samples as people name them; without `source`, those that a cell names and has when it is run. */
  readonly from?: string;
  /** What keeps every reward of the file from being scored. */
  readonly problem?: Problem;
}

interface Parts {
  readonly pythons: Pythons;
  readonly sources: Sources;
  readonly uses: Uses;
  readonly consent: Consent;
}

interface Ran {
  /** Of the samples. */
  readonly id: string;
  readonly table: Table;
  readonly rows: readonly number[];
  readonly scores: readonly Score[];
}

const PAUSE_MS = 150;
/** Settings that decide what is run. */
const FOLLOWED = ['grpoLens.rewards.enabled', 'grpoLens.rewards.maxSamples', 'grpoLens.rewards.timeout'] as const;
/** Told when a pause in typing ends and when what came of it is drawn; who measures listens. */
const paces = channel('grpoLens.rewards');
/** Cheap signs of a reward file; Python is not asked about files without one. */
const SIGNS =
  /\bcompletions\b|\bsolution_str\b|\breward_inputs?\b|\bORM\b|\bdef \w*(?:reward|score)|\bdef (?:preprocess\b|\w+\((?:row|example|sample|record|item)\b)/;

/** Keeps the scores of every open reward file, run again after each pause in typing. */
export class Scoring implements Disposable {
  readonly #owned = new Disposables();
  readonly #changed = this.#owned.add(new Emitter<vscode.Uri>());
  readonly #traced = this.#owned.add(new Emitter<vscode.Uri>());
  readonly #kept = new Map<string, Scores>();
  readonly #early = new Map<string, Scores>();
  readonly #pauses = new Map<string, Debounced>();
  readonly #first = new Map<string, readonly Score[]>();
  /** The run of each file that was begun last: with other settings or another Python a run of the same text may end after it. */
  readonly #newest = new Map<string, object>();

  readonly onChange = this.#changed.event;
  /** Told before `onChange`, for one reward after the other: its `early` can be drawn. */
  readonly onTraced = this.#traced.event;

  constructor(
    private readonly parts: Parts,
    private readonly guard: Guard,
  ) {
    const { sources, pythons, uses, consent } = parts;
    const again = (document: vscode.TextDocument): void => this.#soon(document);
    this.#owned.add(vscode.workspace.onDidOpenTextDocument(again));
    this.#owned.add(
      // Saving tells of a change, too, that changes nothing.
      vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        if (contentChanges.length > 0) again(document);
      }),
    );
    this.#owned.add(vscode.workspace.onDidCloseTextDocument((document) => this.#forget(document)));
    this.#owned.add(vscode.workspace.onDidGrantWorkspaceTrust(() => this.all()));
    this.#owned.add(sources.onChange(() => this.all()));
    this.#owned.add(pythons.onChange(() => this.all()));
    this.#owned.add(uses.onChange(() => this.all()));
    this.#owned.add(consent.onChange(() => this.all()));
    this.#owned.add(onSetting(FOLLOWED, () => this.all()));
    this.all();
  }

  of(document: vscode.TextDocument): Scores | undefined {
    return this.#kept.get(document.uri.toString());
  }

  /** What is known of the text as it is, confirmed or not yet. */
  soonest(document: vscode.TextDocument): Scores | undefined {
    return this.#early.get(document.uri.toString()) ?? this.of(document);
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
    this.#early.delete(key);
    this.#newest.delete(key);
    for (const first of this.#first.keys()) if (first.startsWith(`${key}\n`)) this.#first.delete(first);
  }

  async #run(document: vscode.TextDocument): Promise<void> {
    const { version } = document;
    const [key, mine] = [document.uri.toString(), {}];
    this.#newest.set(key, mine);
    const isNewest = (): boolean => document.version === version && this.#newest.get(key) === mine;
    paces.publish({ at: 'pause', document });
    const scores = await this.#scores(document, isNewest).catch((error: unknown) => {
      if (!(error instanceof Problem)) throw error;
      if (error.code === 'cancelled') return undefined;
      return { version, rewards: this.of(document)?.rewards ?? [], problem: error };
    });
    if (scores && isNewest()) this.#keep(document, scores);
  }

  #keep(document: vscode.TextDocument, scores: Scores): void {
    this.#early.delete(document.uri.toString());
    this.#kept.set(document.uri.toString(), scores);
    this.#changed.fire(document.uri);
    paces.publish({ at: 'verified', document });
  }

  /** Not for a reward that depended on its batch before: what its samples give alone is not what they score. */
  #soonest(document: vscode.TextDocument, shown: Shown): void {
    const [key, { version }] = [document.uri.toString(), document];
    const last = this.#kept.get(key)?.rewards ?? [];
    const before = last.find(({ reward }) => reward.name === shown.reward.name)?.trace;
    if (before?.check.followed !== undefined) return;
    const others = this.#early.get(key);
    const done = others?.version === version ? others.rewards.filter(({ early }) => early) : [];
    this.#early.set(key, { version, rewards: [...done, shown] });
    this.#traced.fire(document.uri);
    paces.publish({ at: 'traced', document });
  }

  #before(document: vscode.TextDocument, reward: Reward, { id, table, rows, scores }: Ran): Baseline {
    const recorded = recordedScores(table, reward, rows);
    if (recorded) return { name: 'the record', scores: recorded };
    const key = [document.uri.toString(), reward.name, id].join('\n');
    const first = this.#first.get(key) ?? scores;
    this.#first.set(key, first);
    return { name: 'the text as it was opened', scores: first };
  }

  async #scores(document: vscode.TextDocument, isNewest: () => boolean): Promise<Scores | undefined> {
    const [source, { version }] = [sourceOf(document), document];
    const { pythons, sources, uses, consent } = this.parts;
    const python = await pythons.of(document.uri);
    const found = await python.find(source, document.fileName);
    if (!isNewest()) return undefined;
    const last = this.of(document);
    const { broken, rowFunctions, reaches } = found;
    if (broken) return { version, rewards: last?.rewards ?? [], broken };
    const [use] = await uses.of(document.fileName);
    const only = use?.use.files.length === 1;
    const told = {
      rowFunctions,
      ...(use ? { use, misuses: only ? misuses(use.use, use.name, found.rewards) : [] } : {}),
    };
    if (!consent.allows(document.fileName, reaches)) {
      const kept = { version: last?.version ?? version, rewards: last?.rewards ?? [] };
      return { ...kept, ...told, rewards: keptOf(found.rewards, kept.rewards), asks: reaches };
    }
    const samples = await sources.of(document);
    if (samples?.path === undefined) {
      const from = samples && { from: samples.name };
      return { version, ...told, ...from, rewards: found.rewards.map((reward) => ({ reward })) };
    }
    const table = await sources.table(samples.path);
    const job = { python, document, isNewest, source, table, given: givenOf(use) };
    const shown: Shown[] = [];
    for (const reward of found.rewards)
      shown.push(await this.#score(reward, job).catch((error: unknown) => failed(reward, error)));
    return { version, ...told, rewards: shown, source: samples.path, from: samples.name, total: table.rows };
  }

  async #score(reward: Reward, { python, document, isNewest, source, table, given }: Job): Promise<Shown> {
    const needs = reward.needs.filter((name) => !(name in (given.keywords ?? {})));
    const prepared = await prepareFirst(table, needs, setting('grpoLens.rewards.maxSamples', document.uri));
    const job = { source, path: document.fileName, reward: reward.name, samples: prepared.samples, ...given };
    const groups = prepared.rows.map((row) => table.group[row] ?? -1);
    const timeout = setting('grpoLens.rewards.timeout', document.uri);
    const onTraced = (scores: readonly Score[], traced: Traced): void => {
      if (isNewest()) this.#soonest(document, { reward, prepared, given, groups, early: { scores, traced } });
    };
    // Python takes what was asked for last: a run that is not the newest would have the newest one's request given up.
    if (!isNewest()) throw new Problem({ code: 'cancelled', message: 'Cancelled.' });
    const trace = await python.trace({ ...job, timeout, onTraced, ...(groups.includes(-1) ? {} : { groups }) });
    const ran = { id: prepared.samples.id, table, rows: prepared.rows, scores: trace.scores };
    return { reward, prepared, given, trace, groups, before: this.#before(document, reward, ran) };
  }
}

interface Job {
  readonly python: Rewards;
  readonly document: vscode.TextDocument;
  /** Whether the text is still that of the run, and no run of it was begun since. */
  readonly isNewest: () => boolean;
  readonly source: string;
  readonly table: Table;
  readonly given: Given;
}

function givenOf(found: FoundUse | undefined): Given {
  return found ? { keywords: found.use.keywords, settings: found.use.settings } : {};
}

/** The last numbers of rewards that are not run now. */
function keptOf(rewards: readonly Reward[], last: readonly Shown[]): Shown[] {
  return rewards.map((reward) => ({ ...last.find((one) => one.reward.name === reward.name), reward }));
}

/** A reward that fails leaves the others standing; a cancelled one ends the whole run. */
function failed(reward: Reward, error: unknown): Shown {
  if (error instanceof Problem && error.code !== 'cancelled') return { reward, problem: error };
  throw error;
}

export function isRewardFile(document: vscode.TextDocument): boolean {
  return mayHoldRewards(document) && SIGNS.test(document.getText());
}
