import { basename } from 'node:path';
import * as vscode from 'vscode';
import { counted } from '../../base/counted';
import { Disposables, type Disposable } from '../../base/disposable';
import { Problem } from '../../domain/problem';
import { addExpectations, expectationOf, expectationsBeside } from '../../machine/rewards/expectations';
import { whyPanelGuards, type WhyPanel as Wire, type WhySample, type WhyShown, type WhyTab } from '../../wire/whyPanel';
import type { TestChoice } from '../../contributions';
import type { Guard } from '../guard';
import type { Opened, Pages } from '../panel';
import { setting } from '../settings';
import { columnOf, isCell, keyOf, sourceOf } from './cells';
import type { ExpectationTests } from './expectationTests';
import type { Pythons } from './pythons';
import type { Scores, Scoring, Shown } from './scoring';
import { openDocument, type Selection } from './selection';
import { name, type Sources } from './sources';
import { writeWeights } from './weights';
import { whyFlips } from './whyFlips';
import { whyPressure, type Pressed } from './whyPressure';
import { betterFrom, betterSample, whyExpectation, whySample } from './whySample';
import { whyToNotebook } from './whyToNotebook';

/** What the panel asks. */
export interface Debugger {
  readonly scoring: Scoring;
  readonly selection: Selection;
  readonly sources: Sources;
  readonly pythons: Pythons;
  readonly tests: ExpectationTests;
}

const EMPTY =
  'No sample is looked at: open a reward file that has samples, and choose one with the lens above a reward.';

/** The panel beside the editor: why a sample has its score, the update pressure, and what an edit flips. */
export class WhyPanel implements Disposable {
  readonly #owned = new Disposables();
  #opened: Opened<Wire> | undefined;
  #shown: WhyShown = { file: '', name: '', reward: '', tab: 'why', sample: null, empty: EMPTY };

  constructor(
    private readonly parts: Debugger,
    private readonly pages: Pages,
    guard: Guard,
  ) {
    const refresh = guard.quietly('explaining a sample', (uri: vscode.Uri) => this.#refresh(uri));
    this.#owned.add(parts.selection.onChange((uri) => void refresh(uri)));
    this.#owned.add(guard.command('grpoLens.whyExpectation', (test) => this.#showExpectation(test)));
    this.#owned.add(guard.command('grpoLens.why', (file, reward) => this.#show('why', file, reward)));
    this.#owned.add(
      guard.command('grpoLens.compareSample', (file, reward) => this.#show('why', file, reward, 'better')),
    );
    this.#owned.add(guard.command('grpoLens.showPressure', (file, reward) => this.#show('pressure', file, reward)));
    this.#owned.add(guard.command('grpoLens.showFlips', (file, reward) => this.#show('flips', file, reward)));
  }

  dispose(): void {
    this.#opened?.panel.dispose();
    this.#owned.dispose();
  }

  async #show(tab: WhyTab, file?: string, reward?: string, at?: WhyShown['at']): Promise<void> {
    const document = openDocument(file);
    const { selection, scoring } = this.parts;
    const selected = selection.of(document);
    const wanted = reward ?? selected?.reward ?? scoring.of(document)?.rewards[0]?.reward.name ?? '';
    this.#shown = {
      file: keyOf(document),
      name: basename(document.fileName),
      reward: wanted,
      tab,
      sample: null,
      empty: EMPTY,
      ...(at === undefined ? {} : { at }),
    };
    this.#open();
    if (selected?.reward !== wanted && wanted !== '') await selection.select(document, wanted, 0);
    else await this.#refresh(document.uri);
  }

  async #showExpectation(test: TestChoice | undefined): Promise<void> {
    const { job, expectation } = await this.parts.tests.job(test);
    const python = await this.parts.pythons.of(vscode.Uri.file(job.path));
    const sample = whyExpectation(expectation, await python.explain(job, 0));
    const { path, reward } = job;
    this.#shown = { file: path, name: basename(path), reward, tab: 'why', sample, empty: EMPTY };
    this.#open();
  }

  /** Shows a sample that is none of the file's own samples, explained by itself. */
  showSample(file: string, reward: string, sample: WhySample): void {
    this.#shown = { file, name: basename(file), reward, tab: 'why', sample, empty: EMPTY };
    this.#open();
  }

  #open(): void {
    if (this.#opened) {
      this.#opened.panel.reveal(undefined, true);
      return this.#tell();
    }
    const beside = { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true };
    const panel = vscode.window.createWebviewPanel('grpoLens.why', 'Why', beside, {});
    this.#opened = this.pages.fill<Wire>(panel, {
      bundle: 'why',
      guards: whyPanelGuards,
      methods: {
        hello: () => this.#shown,
        open: ({ file, line }) => openLine(this.#own(file) ?? file, line),
        look: async ({ sample }) => {
          const document = this.#document();
          if (document) await this.parts.selection.select(document, this.#shown.reward, sample);
          return null;
        },
        pressure: async (asked) => {
          const { pressed, scores } = await this.#pressed();
          const { from = '' } = scores;
          return whyPressure(pressed, { ...asked, sample: this.#shown.sample?.sample ?? 0, from });
        },
        writeWeights: async ({ weights }) => writeWeights((await this.#pressed()).pressed, weights),
        toNotebook: async () => {
          const document = this.#document();
          if (document) await whyToNotebook(document, (await this.#pressed()).pressed, this.#shown.sample?.sample ?? 0);
          return null;
        },
        flips: async () => whyFlips((await this.#pressed()).pressed),
        accept: ({ samples }) => this.#accept(samples),
      },
    });
    panel.onDidDispose(() => (this.#opened = undefined));
  }

  #tell(change: Partial<WhyShown> = {}): void {
    this.#shown = { ...this.#shown, ...change };
    this.#opened?.tell('shown', this.#shown);
  }

  async #refresh(uri: vscode.Uri): Promise<void> {
    if (!this.#opened) return;
    const document = this.#document();
    const selected = document && this.parts.selection.of(document);
    if (document?.uri.toString() !== uri.toString() || !selected) return;
    const { explained, sample, reward } = selected;
    this.#shown = { ...this.#shown, reward };
    const { pressed } = await this.#pressed();
    const shown = explained && whySample(pressed.shown, pressed.table, sample, explained);
    this.#tell({ sample: shown ?? null });
    if (!shown || this.parts.selection.of(document) !== selected) return;
    const better = await this.#better(document, pressed, sample);
    if (this.parts.selection.of(document) === selected) this.#tell({ sample: { ...shown, better } });
  }

  async #better(document: vscode.TextDocument, { shown, table }: Pressed, row: number): Promise<WhySample['better']> {
    const other = betterSample(shown, table, row);
    if (other < 0 || !shown.prepared)
      return { none: 'No sample of its group with the same solution has a better score.' };
    const { samples } = shown.prepared;
    const own = { source: sourceOf(document), path: document.fileName, reward: shown.reward.name };
    const job = { ...own, ...shown.given, samples, whole: shown.trace?.check.followed === true };
    const timeout = setting('grpoLens.rewards.timeout', document.uri);
    const python = await this.parts.pythons.of(document.uri);
    try {
      return betterFrom(await python.compare({ ...job, timeout }, { row, other }));
    } catch (error) {
      if (error instanceof Problem && error.code !== 'cancelled') return { none: error.message };
      throw error;
    }
  }

  async #pressed(): Promise<{ readonly pressed: Pressed; readonly scores: Scores }> {
    const document = this.#document();
    const scores = document && this.parts.scoring.of(document);
    const shown = scores?.rewards.find(({ reward }) => reward.name === this.#shown.reward);
    if (!scores || !shown || scores.source === undefined) throw new Problem({ code: 'missing', message: EMPTY });
    const others = scores.rewards.filter((one) => one !== shown);
    const table = await this.parts.sources.table(scores.source);
    return { pressed: { shown, others, table, ...(scores.use ? { use: scores.use } : {}) }, scores };
  }

  async #accept(samples: readonly number[]): Promise<string> {
    const { shown } = (await this.#pressed()).pressed;
    const document = this.#document();
    if (document && isCell(document)) {
      const message = 'Expectations are kept beside a file: move this reward from its cell into a .py file first.';
      throw new Problem({ code: 'unsupported', message });
    }
    const file = expectationsBeside(this.#shown.file);
    await addExpectations(
      file,
      samples.flatMap((sample) => accepted(shown, sample)),
    );
    return `${counted(samples.length, 'expectation')} written to ${name(file)}.`;
  }

  /** The reward's own file or cell, where a cause names none, or names it by its path. */
  #own(file: string): string | undefined {
    return file === '' || file === this.#document()?.fileName ? this.#shown.file : undefined;
  }

  #document(): vscode.TextDocument | undefined {
    return vscode.workspace.textDocuments.find((document) => keyOf(document) === this.#shown.file);
  }
}

function accepted({ reward, prepared, trace }: Shown, sample: number): ReturnType<typeof expectationOf>[] {
  const score = trace?.scores[sample];
  return prepared && score !== undefined ? [expectationOf(reward.name, score, prepared.samples, sample)] : [];
}

/** Shows a line of a file or cell, by its key. */
async function openLine(file: string, line: number): Promise<null> {
  const open = vscode.workspace.textDocuments.find((document) => keyOf(document) === file);
  const document = open ?? (await vscode.workspace.openTextDocument(vscode.Uri.file(file)));
  const at = document.lineAt(Math.min(Math.max(0, line - 1), document.lineCount - 1)).range.start;
  const selection = new vscode.Range(at, at);
  await vscode.window.showTextDocument(document, { viewColumn: columnOf(document), selection });
  return null;
}
