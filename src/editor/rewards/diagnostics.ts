import * as vscode from 'vscode';
import { counted } from '../../base/counted';
import { Disposables, type Disposable } from '../../base/disposable';
import type { ScoreError } from '../../domain/rewards/reward';
import type { ContractFinding } from '../../domain/rewards/trace';
import type { Scores, Scoring } from './scoring';

const SEVERITIES: Readonly<Record<ContractFinding['weight'], vscode.DiagnosticSeverity>> = {
  error: vscode.DiagnosticSeverity.Error,
  warning: vscode.DiagnosticSeverity.Warning,
  hint: vscode.DiagnosticSeverity.Information,
};

/** What a trainer would stumble over in a reward, as squiggles: its contract, its exceptions, its syntax. */
export function registerDiagnostics(scoring: Scoring): Disposable {
  const owned = new Disposables();
  const collection = owned.add(vscode.languages.createDiagnosticCollection('grpo-lens-rewards'));
  owned.add(
    scoring.onChange((uri) => {
      const document = vscode.workspace.textDocuments.find((open) => open.uri.toString() === uri.toString());
      const scores = document && scoring.of(document);
      collection.set(uri, document && scores ? diagnostics(document, scores) : []);
    }),
  );
  owned.add(vscode.workspace.onDidCloseTextDocument(({ uri }) => collection.delete(uri)));
  return owned;
}

function diagnostics(document: vscode.TextDocument, scores: Scores): vscode.Diagnostic[] {
  const { broken, rewards, misuses = [] } = scores;
  if (broken) return [diagnostic(document, broken.line, { text: broken.message, rule: 'syntax' })];
  const misused = misuses.map(({ rule, reward, text }) => {
    const line = rewards.find((one) => one.reward.name === reward)?.reward.line ?? 1;
    return diagnostic(document, line, { rule, text, weight: 'warning' });
  });
  return [...misused, ...stumbles(document, rewards)];
}

function stumbles(document: vscode.TextDocument, rewards: Scores['rewards']): vscode.Diagnostic[] {
  return rewards.flatMap(({ reward, trace }) => {
    if (!trace) return [];
    const contract = trace.contract.map((found) => diagnostic(document, found.line, found));
    return [...contract, ...trace.errors.map((error) => failure(document, reward.line, error))];
  });
}

function failure(document: vscode.TextDocument, line: number, error: ScoreError): vscode.Diagnostic {
  const { samples, type, message } = error;
  const which = samples.slice(0, 3).join(', ');
  const text = `${type} on ${counted(samples.length, 'sample')} (${which}${samples.length > 3 ? ' …' : ''}): ${message}`;
  return diagnostic(document, error.line ?? line, { text, rule: 'exception', weight: 'warning' });
}

interface Remark {
  readonly text: string;
  readonly rule: string;
  readonly weight?: ContractFinding['weight'];
}

function diagnostic(
  document: vscode.TextDocument,
  line: number,
  { text, rule, weight = 'error' }: Remark,
): vscode.Diagnostic {
  const { range, firstNonWhitespaceCharacterIndex } = document.lineAt(
    Math.min(Math.max(0, line - 1), document.lineCount - 1),
  );
  const found = new vscode.Diagnostic(
    range.with(range.start.translate(0, firstNonWhitespaceCharacterIndex)),
    text,
    SEVERITIES[weight],
  );
  found.source = 'GRPO Lens';
  found.code = rule;
  return found;
}
