import * as vscode from 'vscode';
import { Disposables, type Disposable } from '../../base/disposable';
import { Emitter } from '../../base/event';
import { wordOf } from '../../domain/rollouts/distribution';
import type { Explained } from '../../domain/rewards/explained';
import { writeExpectation } from '../../domain/rewards/expectation';
import { Problem } from '../../domain/problem';
import { patternsOf } from '../../domain/rewards/rewardPatterns';
import { toJson, type JsonScore, type Score } from '../../domain/score';
import { expectationOf } from '../../machine/rewards/expectations';
import type { Rewards, ScoreJob } from '../../machine/rewards/rewards';
import { prepare } from '../../machine/rewards/samples';
import type { Table } from '../../machine/table/table';
import type { Pattern } from '../../wire/completionsPanel';
import { setting } from '../settings';
import { cellOf, columnOf, isCell, keyOf } from './cells';
import type { Pythons } from './pythons';
import { isRewardFile, type Scoring, type Shown } from './scoring';
import type { Selection } from './selection';
import { name, type Sources } from './sources';
import { groupOf, whyExpectation } from './whySample';
import type { WhyPanel } from './whyPanel';

/** What rewards are asked about rows of a table. */
export interface RowParts {
  readonly scoring: Scoring;
  readonly selection: Selection;
  readonly sources: Sources;
  readonly pythons: Pythons;
  readonly why: WhyPanel;
}

/** What a reward gives rows of a table now, under the name that they were recorded with. */
export interface Rescoring {
  readonly reward: string;
  readonly rows: readonly number[];
  readonly scores: readonly JsonScore[];
}

/** From the rows of a table to the rewards of open files, and back: why, test cases, patterns, scores as edited. */
export class RewardRows implements Disposable {
  readonly #owned = new Disposables();
  readonly #rescored = this.#owned.add(new Emitter<string>());

  /** Told with the path of a table whose rewards gave new scores. */
  readonly onRescored = this.#rescored.event;

  constructor(private readonly parts: RowParts) {
    this.#owned.add(
      parts.scoring.onChange((uri) => {
        const document = openAt(uri);
        const source = document && parts.scoring.of(document)?.source;
        if (source !== undefined) this.#rescored.fire(source);
      }),
    );
  }

  /** What the open reward files give the rows of this table, where it was recorded too. */
  async rescored(source: string): Promise<Rescoring[]> {
    const documents = this.#documents(source);
    if (documents.length === 0) return [];
    const table = await this.parts.sources.table(source);
    return documents.flatMap((document) =>
      (this.parts.scoring.of(document)?.rewards ?? []).flatMap((shown) => rescoringOf(table, shown)),
    );
  }

  /** Regular expressions of the open reward files. */
  patterns(): Pattern[] {
    return vscode.workspace.textDocuments.filter(isRewardFile).flatMap((document) =>
      patternsOf(document.getText()).map(({ source, flags, line }) => ({
        source,
        flags,
        from: `${name(document.fileName)}:${line}`,
      })),
    );
  }

  /** Shows why a row has its score: in the file's own debugger where it looks at the row, else of the row's batch alone. */
  async why(source: string, row: number): Promise<void> {
    const document = this.#documents(source)[0] ?? (await this.#choose(source));
    if (!document) return;
    await show(document);
    const shown = this.parts.scoring.of(document)?.rewards.find(({ prepared }) => prepared?.rows.includes(row));
    if (!shown?.prepared || this.parts.scoring.of(document)?.source !== source)
      return this.#alone(document, source, row);
    await this.parts.selection.select(document, shown.reward.name, shown.prepared.rows.indexOf(row));
    await vscode.commands.executeCommand('grpoLens.why', keyOf(document), shown.reward.name);
  }

  async #alone(document: vscode.TextDocument, source: string, row: number): Promise<void> {
    const [table, python] = await Promise.all([this.parts.sources.table(source), this.parts.pythons.of(document.uri)]);
    const text = document.getText();
    const { rewards } = await python.find(text, document.fileName);
    const reward = rewards.find((each) => [each.name, ...each.registered].some((one) => table.scores.has(one)));
    const asked = reward ?? rewards[0];
    if (!asked) throw new Problem({ code: 'missing', message: `${name(document.fileName)} defines no reward.` });
    const [from, to] = table.batches.find(([first, end]) => first <= row && row < end) ?? [row, row + 1];
    const batch = Array.from({ length: to - from }, (_, at) => from + at);
    const { samples, rows, left } = await prepare(table, asked.needs, batch);
    const at = rows.indexOf(row);
    if (at < 0) throw new Problem({ code: 'missing', message: whyLeft(asked.name, row, left[0]) });
    const timeout = setting('grpoLens.rewards.timeout', document.uri);
    const job = { source: text, path: document.fileName, reward: asked.name, samples, timeout };
    const recorded = table.scores.get(asked.name)?.values[row];
    const explained = await explainAs(python, job, at, recorded);
    const expectation = expectationOf(asked.name, recorded ?? explained.score, samples, at);
    const sample = whyExpectation({ ...expectation, line: row }, explained);
    const none = `The record says ${wordOf(expectation.score)}; the reward gives ${wordOf(explained.score)} now.`;
    this.parts.why.showSample(document.fileName, asked.name, {
      ...sample,
      group: groupOf(table, row),
      better: { none },
    });
  }

  /** Puts the row into the clipboard: a line of expectations for each reward that was recorded. */
  async testCase(source: string, row: number): Promise<void> {
    const table = await this.parts.sources.table(source);
    const [completion] = await table.completions([row]);
    const { samples } = await prepare(table, [], [row]);
    const lines = Object.entries(completion?.scores ?? {})
      .filter(([, score]) => score !== 'unknown')
      .map(([reward, score]) => writeExpectation(expectationOf(reward, score, samples, 0)));
    if (lines.length === 0) {
      throw new Problem({
        code: 'missing',
        message: `No score was recorded for row ${row}, so nothing can be expected.`,
      });
    }
    await vscode.env.clipboard.writeText(`${lines.join('\n')}\n`);
    const many = lines.length === 1 ? 'A test case is' : `${lines.length} test cases are`;
    void vscode.window.setStatusBarMessage(`${many} in the clipboard, for a file NAME.expect.jsonl`, 5000);
  }

  dispose(): void {
    this.#owned.dispose();
  }

  /** Open documents whose rewards look at this table: files before cells. */
  #documents(source: string): vscode.TextDocument[] {
    const all = vscode.workspace.textDocuments;
    return all
      .filter((document) => this.parts.scoring.of(document)?.source === source)
      .sort((one, other) => Number(isCell(one)) - Number(isCell(other)));
  }

  /** An open reward file, or one that the user names. */
  async #choose(source: string): Promise<vscode.TextDocument | undefined> {
    const open = vscode.workspace.textDocuments.filter(isRewardFile);
    if (open.length === 1) return open[0];
    const chosen = await vscode.window.showQuickPick(
      [
        ...open.map((document) => ({ label: name(document.fileName), document })),
        { label: 'Another reward file…', document: undefined },
      ],
      { title: `Which rewards scored ${name(source)}?` },
    );
    if (!chosen || chosen.document) return chosen?.document;
    const files = await vscode.window.showOpenDialog({ filters: { Python: ['py'] }, openLabel: 'Use as Rewards' });
    return files?.[0] && vscode.workspace.openTextDocument(files[0]);
  }
}

/** A cell by its notebook: by itself it is no editor's. */
async function show(document: vscode.TextDocument): Promise<void> {
  const options = { viewColumn: columnOf(document), preserveFocus: true };
  const notebook = cellOf(document)?.notebook;
  if (notebook) await vscode.window.showNotebookDocument(notebook, options);
  else await vscode.window.showTextDocument(document, options);
}

function rescoringOf(table: Table, { reward, prepared, trace }: Shown): Rescoring[] {
  const recorded = [reward.name, ...reward.registered].find((one) => table.scores.has(one));
  if (recorded === undefined || !prepared || !trace) return [];
  return [{ reward: recorded, rows: prepared.rows, scores: trace.scores.map(toJson) }];
}

function whyLeft(reward: string, row: number, left: { column: string; why: string } | undefined): string {
  const why = left ? `${left.column} is not known for it: ${left.why}` : 'it could not be read';
  return `${reward} cannot be called on row ${row}: ${why}.`;
}

function openAt(uri: vscode.Uri): vscode.TextDocument | undefined {
  return vscode.workspace.textDocuments.find((document) => document.uri.toString() === uri.toString());
}

/** Called alone; where that gives another score than was recorded, within its batch. */
async function explainAs(python: Rewards, job: ScoreJob, at: number, recorded: Score | undefined): Promise<Explained> {
  const alone = await python.explain(job, at);
  if (recorded === undefined || alone.score === recorded) return alone;
  const whole = await python.explain({ ...job, whole: true }, at);
  return whole.score === recorded ? whole : alone;
}
