import * as vscode from 'vscode';
import { Disposables, type Disposable } from '../../base/disposable';
import { Emitter } from '../../base/event';
import type { Problem } from '../../domain/problem';
import { short } from '../../domain/distribution';
import { remarks } from '../../domain/remarks';
import type { Guard } from '../guard';
import type { CommandId } from '../../contributions';
import { keyOf } from './cells';
import type { Selected, Selection } from './selection';
import { isRewardFile, type Scores, type Scoring, type Shown } from './scoring';
import { name } from './sources';

const UNTRUSTED = /^\s*(?:async\s+)?(?:def|class)\s.*(?:completions|solution_str|reward_inputs?|ORM)\b/;

/** Above each reward: what it gives on the chosen samples. */
export function registerLenses(scoring: Scoring, selection: Selection, guard: Guard): Disposable {
  const owned = new Disposables();
  const changed = owned.add(new Emitter<void>());
  owned.add(scoring.onChange(() => changed.fire()));
  owned.add(selection.onChange(() => changed.fire()));
  const provideCodeLenses = guard.quietly('lenses', (document: vscode.TextDocument) =>
    lenses({ scoring, selection }, document),
  );
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
}

function lenses({ scoring, selection }: Known, document: vscode.TextDocument): vscode.CodeLens[] {
  if (!isRewardFile(document)) return [];
  if (!vscode.workspace.isTrusted) return untrusted(document);
  const scores = scoring.of(document);
  if (!scores) return [];
  const { problem, broken } = scores;
  const stale = scores.version !== document.version || broken !== undefined;
  return [
    ...(problem ? [lens(0, problem.message, commandFor(problem))] : []),
    ...(broken ? [lens(broken.line - 1, `Python cannot read this line: ${broken.message}`, undefined)] : []),
    ...scores.rewards.flatMap((shown) => [
      ...lensesOf(shown, scores, document, stale),
      ...sampleLenses(shown, document, selection.of(document)),
    ]),
  ];
}

function lensesOf(shown: Shown, scores: Scores, document: vscode.TextDocument, stale: boolean): vscode.CodeLens[] {
  const line = shown.reward.line - 1;
  if (line >= document.lineCount) return [];
  const choose = { command: 'grpoLens.chooseSamples', arguments: [document.fileName] };
  if (shown.problem) return [lens(line, shown.problem.message, commandFor(shown.problem))];
  if (!shown.trace) return [lens(line, 'No samples: choose completions to run this reward on…', choose)];
  const flips = { command: 'grpoLens.showFlips', arguments: [keyOf(document), shown.reward.name] };
  const before = stale ? '(before this edit) ' : '';
  const [numbers, ...rest] = remarks(shown.trace, shown.before);
  return [
    lens(line, `${before}${numbers ?? ''}`, choose),
    ...rest.map((remark) => lens(line, remark, remark.startsWith('flips ') ? flips : choose)),
    ...leftOut(shown, line, choose),
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
  const score = trace.scores[selected.sample] ?? 'unknown';
  const value = typeof score === 'number' ? short(score) : score;
  return [
    lens(line, '◂', to('grpoLens.previousSample')),
    lens(line, `sample ${selected.sample} = ${value}`, to('grpoLens.nextSample')),
    lens(line, '▸', to('grpoLens.nextSample')),
    lens(line, 'worst', to('grpoLens.worstSample')),
    lens(line, 'why', to('grpoLens.why')),
    lens(line, 'debug', to('grpoLens.debugSample')),
  ];
}

function leftOut({ prepared }: Shown, line: number, command: Target): vscode.CodeLens[] {
  return (prepared?.left ?? []).map(({ column, rows, why }) =>
    lens(line, `$(warning) ${rows} rows unknown: no "${column}" (${why})`, command),
  );
}

function sourceText({ prepared }: Shown, { source, total }: Scores): string {
  if (source === undefined) return 'choose samples…';
  const rows = prepared?.rows.length ?? 0;
  const part =
    total !== undefined && rows < total ? `first ${rows.toLocaleString('en')} of ${total.toLocaleString('en')}, ` : '';
  return `${part}${name(source)}`;
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
