import * as vscode from 'vscode';
import { counted } from '../../base/counted';
import { Disposables, type Disposable } from '../../base/disposable';
import { Emitter } from '../../base/event';
import type { Problem } from '../../domain/problem';
import { describe, distributionOf, wordOf } from '../../domain/rollouts/distribution';
import type { PreparedRow } from '../../domain/rewards/explained';
import type { RawRecord } from '../../domain/rollouts/rollout';
import { describeRow, rowChange } from '../../domain/rewards/rowChange';
import { remarks } from '../../domain/rewards/remarks';
import type { Guard } from '../guard';
import type { CommandId, ConsentChoice } from '../../contributions';
import { cellOf, keyOf } from './cells';
import { shownIn } from './cellScores';
import { reachText } from './consent';
import type { RowFunctions, RowsShown } from './rowFunctions';
import type { Selected, Selection } from './selection';
import { isRewardFile, type Early, type Scores, type Scoring, type Shown } from './scoring';
import { name } from './sources';

const UNTRUSTED = /^\s*(?:async\s+)?(?:def|class)\s.*(?:completions|solution_str|reward_inputs?|ORM)\b/;

/** Above each reward: what it gives on the chosen samples. */
export function registerLenses(known: Known, guard: Guard): Disposable {
  const { scoring, selection, rows } = known;
  const owned = new Disposables();
  const changed = owned.add(new Emitter<void>());
  owned.add(scoring.onChange(() => changed.fire()));
  owned.add(scoring.onTraced(() => changed.fire()));
  owned.add(selection.onChange(() => changed.fire()));
  owned.add(rows.onChange(() => changed.fire()));
  owned.add(
    vscode.workspace.onDidChangeNotebookDocument(({ cellChanges }) => {
      if (cellChanges.some(({ outputs }) => outputs)) changed.fire();
    }),
  );
  const provideCodeLenses = guard.quietly('lenses', (document: vscode.TextDocument) => lenses(known, document));
  const onDidChangeCodeLenses = (listener: () => void): vscode.Disposable =>
    new vscode.Disposable(changed.event(listener).dispose);
  owned.add(
    vscode.languages.registerCodeLensProvider({ language: 'python' }, { onDidChangeCodeLenses, provideCodeLenses }),
  );
  return owned;
}

interface Known {
  readonly scoring: Scoring;
  readonly selection: Selection;
  readonly rows: RowFunctions;
}

function lenses({ scoring, selection, rows }: Known, document: vscode.TextDocument): vscode.CodeLens[] {
  if (!isRewardFile(document)) return [];
  if (!vscode.workspace.isTrusted) return untrusted(document);
  const scores = scoring.of(document);
  if (!scores) return [];
  const { problem, broken } = scores;
  const stale = scores.version !== document.version || broken !== undefined;
  const soonest = stale ? scoring.soonest(document) : undefined;
  const earlyOf = ({ reward }: Shown): Early | undefined =>
    soonest?.version === document.version
      ? soonest.rewards.find((one) => one.reward.name === reward.name)?.early
      : undefined;
  return [
    ...(problem ? [lens(0, problem.message, commandFor(problem))] : []),
    ...(broken ? [lens(broken.line - 1, `Python cannot read this line: ${broken.message}`, undefined)] : []),
    ...rowLenses(document, scores, rows.of(document)),
    ...scores.rewards.flatMap((shown) =>
      lensesOf(shown, scores, document, { stale, selected: selection.of(document), early: earlyOf(shown) }),
    ),
  ];
}

interface Looked {
  /** The text is another one than the numbers are about. */
  readonly stale: boolean;
  readonly selected: Selected | undefined;
  /** Of the text as it is, not confirmed yet. */
  readonly early: Early | undefined;
}

function lensesOf(
  shown: Shown,
  scores: Scores,
  document: vscode.TextDocument,
  { stale, selected, early }: Looked,
): vscode.CodeLens[] {
  const line = shown.reward.line - 1;
  if (line >= document.lineCount) return [];
  const choose = { command: 'grpoLens.chooseSamples', arguments: [document.fileName] };
  if (shown.problem) return [lens(line, shown.problem.message, commandFor(shown.problem))];
  const asking = scores.asks ? consentLenses(line, scores.asks, keyOf(document)) : [];
  if (!shown.trace && scores.asks) return asking;
  if (!shown.trace && scores.from !== undefined) return [unrun(line, shown.reward.name, scores.from, document)];
  if (!shown.trace) return [lens(line, 'No samples: choose completions to run this reward on…', choose)];
  const flips = { command: 'grpoLens.showFlips', arguments: [keyOf(document), shown.reward.name] };
  const { numbers: confirmed, pressing, besides } = remarks(shown.trace, shown.before);
  const old = stale ? `(before this edit) ${confirmed}` : confirmed;
  const numbers = early ? `(checking…) ${describe(distributionOf(early.scores))}` : old;
  return [
    ...asking,
    lens(line, numbers, choose),
    ...pressing.map((remark) => lens(line, remark, remark.startsWith('flips ') ? flips : choose)),
    ...leftOut(shown, line, choose),
    ...sampleLenses(shown, document, selected),
    ...besides.map((remark) => lens(line, remark, choose)),
    lens(line, sourceText(shown, scores), choose),
  ];
}

/** `◂ sample 17 of group 2 = −1 ▸`, for the sample whose values stand beside the lines. */
function sampleLenses(
  { reward, trace }: Shown,
  document: vscode.TextDocument,
  selected: Selected | undefined,
): vscode.CodeLens[] {
  if (!trace || trace.scores.length === 0) return [];
  const line = reward.line - 1;
  const to = (command: CommandId): Target => ({ command, arguments: [keyOf(document), reward.name] });
  if (selected?.reward !== reward.name) return [lens(line, 'look at a sample', to('grpoLens.worstSample'))];
  const score = wordOf(trace.scores[selected.sample] ?? 'unknown');
  const group = selected.group === undefined ? '' : ` of group ${selected.group}`;
  return [
    lens(line, '◂', to('grpoLens.previousSample')),
    lens(line, `sample ${selected.sample}${group} = ${score}`, to('grpoLens.why')),
    lens(line, '▸', to('grpoLens.nextSample')),
    lens(line, 'why', to('grpoLens.why')),
    lens(line, 'worst', to('grpoLens.worstSample')),
    lens(line, 'compare with best of group', to('grpoLens.compareSample')),
    lens(line, 'debug with breakpoints', to('grpoLens.debugSample')),
  ];
}

function consentLenses(line: number, asks: NonNullable<Scores['asks']>, file: string): vscode.CodeLens[] {
  const run = (how: ConsentChoice): Target => ({ command: 'grpoLens.mayRun', arguments: [file, how] });
  return [
    lens(line, `$(shield) not run while typing: this code can reach ${reachText(asks)}`, undefined),
    lens(line, 'run once', run('once')),
    lens(line, 'run while typing', run('always')),
  ];
}

/** `row 0: adds messages · drops query`, above each function that makes rows. */
function rowLenses(document: vscode.TextDocument, scores: Scores, shown: RowsShown | undefined): vscode.CodeLens[] {
  if (scores.asks) return [];
  return (scores.rowFunctions ?? []).flatMap(({ name: called, line }) => {
    const to = (command: CommandId, ...more: readonly unknown[]): Target => ({
      command,
      arguments: [keyOf(document), called, ...more],
    });
    const choose = to('grpoLens.chooseRows');
    if (!shown?.file) return [lens(line - 1, 'No rows: choose a data set to run this function on…', choose)];
    const [after, at] = [shown.after.get(called), line - 1];
    const said = shown.problem ?? (after && shown.before ? rowText(shown.before, after) : '…');
    return [
      lens(at, '◂', to('grpoLens.nextRow', -1)),
      lens(at, `row ${shown.row}: ${said}`, to('grpoLens.showRow')),
      lens(at, '▸', to('grpoLens.nextRow', 1)),
      lens(at, 'before and after', to('grpoLens.showRow')),
      lens(at, name(shown.file), choose),
    ];
  });
}

function rowText(before: RawRecord, { after, error }: PreparedRow): string {
  if (error) return `$(error) ${error.type}: ${error.message}${error.line ? ` (line ${error.line})` : ''}`;
  if (after === null) return 'gives None: the row is left out';
  const isRow = typeof after === 'object' && !Array.isArray(after);
  return isRow
    ? describeRow(rowChange(before, after as RawRecord))
    : `$(warning) gives no row but ${JSON.stringify(after).slice(0, 40)}`;
}

/** A cell has the samples that it names only when it is run: what it showed then, else how to run it. */
function unrun(line: number, reward: string, from: string, document: vscode.TextDocument): vscode.CodeLens {
  const cell = cellOf(document);
  const told = cell && shownIn(cell, reward);
  if (told !== undefined) return lens(line, `${told} (${from}, when this cell was run)`, undefined);
  const run = cell && { ranges: [{ start: cell.index, end: cell.index + 1 }], document: cell.notebook.uri };
  const title = `Run this cell to score it on "${from}"`;
  return lens(line, title, run && { command: 'notebook.cell.execute', arguments: [run] });
}

function leftOut({ prepared }: Shown, line: number, command: Target): vscode.CodeLens[] {
  return (prepared?.left ?? []).map(({ column, rows, why }) =>
    lens(line, `$(warning) ${counted(rows, 'row')} unknown: no "${column}" (${why})`, command),
  );
}

function sourceText({ prepared }: Shown, { from, total }: Scores): string {
  if (from === undefined) return 'choose samples…';
  const rows = prepared?.rows.length ?? 0;
  const part =
    total !== undefined && rows < total ? `first ${rows.toLocaleString('en')} of ${total.toLocaleString('en')}, ` : '';
  return `${part}${from}`;
}

interface Target {
  readonly command: string;
  readonly arguments?: readonly unknown[];
}

function lens(line: number, title: string, target: Target | undefined): vscode.CodeLens {
  const range = new vscode.Range(Math.max(0, line), 0, Math.max(0, line), 0);
  return new vscode.CodeLens(range, {
    title,
    command: target?.command ?? '',
    arguments: [...(target?.arguments ?? [])],
  });
}

function commandFor(problem: Problem): Target | undefined {
  if (problem.remedy === 'choose-interpreter') return { command: 'grpoLens.chooseInterpreter' };
  return problem.remedy === 'open-log' ? { command: 'grpoLens.showLog' } : undefined;
}

/** Without trust no Python runs, so the rewards are recognised by their first line only. */
function untrusted(document: vscode.TextDocument): vscode.CodeLens[] {
  const lines = Array.from({ length: document.lineCount }, (_, line) => line);
  const title = 'Not scored: this workspace is not trusted. Trust it to run its rewards…';
  return lines
    .filter((line) => UNTRUSTED.test(document.lineAt(line).text))
    .map((line) => lens(line, title, { command: 'workbench.trust.manage' }));
}
