import * as vscode from 'vscode';
import { Disposables, type Disposable } from '../base/disposable';
import { Debounced } from '../base/pace';
import { languages } from '../domain/dialects/all';
import type { Finding, Fix, Weight } from '../domain/finding';
import { check } from '../domain/language/check';
import type { Documents } from './documents';
import type { Guard } from './guard';
import { rangeOf } from './places';
import { surroundings } from './surroundings';

const SEVERITY: Readonly<Record<Weight, vscode.DiagnosticSeverity>> = {
  error: vscode.DiagnosticSeverity.Error,
  warning: vscode.DiagnosticSeverity.Warning,
  hint: vscode.DiagnosticSeverity.Information,
};

/** Findings of open documents as squiggles, and their fixes as quick fixes. */
export class Findings implements Disposable, vscode.CodeActionProvider {
  readonly #owned = new Disposables();
  readonly #shown: vscode.DiagnosticCollection;
  readonly #found = new Map<string, readonly Finding[]>();
  readonly #waiting = new Set<vscode.TextDocument>();
  readonly #soon: Debounced;

  constructor(
    private readonly documents: Documents,
    private readonly guard: Guard,
  ) {
    this.#shown = this.#owned.add(vscode.languages.createDiagnosticCollection('grpoLens'));
    this.#soon = this.#owned.add(new Debounced(() => this.#refresh(), 80));
    this.#owned.add(vscode.workspace.onDidOpenTextDocument((document) => this.#ask(document)));
    this.#owned.add(vscode.workspace.onDidChangeTextDocument(({ document }) => this.#ask(document)));
    this.#owned.add(vscode.workspace.onDidCloseTextDocument((document) => this.#forget(document)));
    this.#owned.add(
      documents.onChange(() => vscode.workspace.textDocuments.forEach((document) => this.#ask(document))),
    );
    vscode.workspace.textDocuments.forEach((document) => this.#ask(document));
  }

  provideCodeActions(document: vscode.TextDocument, range: vscode.Range): vscode.CodeAction[] {
    const found = this.#found.get(document.uri.toString()) ?? [];
    return found
      .filter(({ span }) => rangeOf(document, span).intersection(range))
      .flatMap((finding) => (finding.fixes ?? []).map((fix, at) => action(document, finding, fix, at === 0)));
  }

  dispose(): void {
    this.#owned.dispose();
  }

  #ask(document: vscode.TextDocument): void {
    if (!languages.includes(document.languageId)) return;
    this.#waiting.add(document);
    this.#soon.call();
  }

  #forget(document: vscode.TextDocument): void {
    this.#waiting.delete(document);
    this.#found.delete(document.uri.toString());
    this.#shown.delete(document.uri);
  }

  #refresh(): void {
    for (const document of this.#waiting) {
      if (!document.isClosed) void this.guard.quietly('checking a document', () => this.#check(document))();
    }
    this.#waiting.clear();
  }

  #check(document: vscode.TextDocument): void {
    const { judged, findings } = this.documents.read(document);
    const found = [...findings, ...judged.flatMap((one) => check(one, surroundings(document)))];
    this.#found.set(document.uri.toString(), found);
    this.#shown.set(
      document.uri,
      found.map((finding) => diagnostic(document, finding)),
    );
  }
}

function diagnostic(document: vscode.TextDocument, finding: Finding): vscode.Diagnostic {
  const result = new vscode.Diagnostic(rangeOf(document, finding.span), finding.text, SEVERITY[finding.weight]);
  result.source = 'GRPO Lens';
  result.code = finding.rule;
  if (finding.rule === 'inert-key') result.tags = [vscode.DiagnosticTag.Unnecessary];
  if (finding.rule === 'deprecated-key') result.tags = [vscode.DiagnosticTag.Deprecated];
  return result;
}

function action(document: vscode.TextDocument, finding: Finding, fix: Fix, first: boolean): vscode.CodeAction {
  const result = new vscode.CodeAction(fix.title, vscode.CodeActionKind.QuickFix);
  result.edit = new vscode.WorkspaceEdit();
  for (const { span, text } of fix.changes) result.edit.replace(document.uri, rangeOf(document, span), text);
  result.diagnostics = [diagnostic(document, finding)];
  result.isPreferred = first && (finding.fixes?.length ?? 0) === 1;
  return result;
}
