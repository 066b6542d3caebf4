import * as vscode from 'vscode';
import { Disposables, type Disposable } from '../../base/disposable';
import { Debounced } from '../../base/pace';
import { languages } from '../../domain/dialects/all';
import type { Finding, Fix, Weight } from '../../domain/config/finding';
import { otherTuning, withoutEmptyLines } from '../../domain/frameworks/tuning';
import { checkAll } from '../../domain/language/checkAll';
import { isSaidElsewhere } from '../../domain/language/elsewhere';
import type { Documents } from '../documents';
import type { Guard } from '../guard';
import { rangeOf } from '../places';
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
    return [...this.#rewrites(document, range), ...this.#fixes(document, range, found)];
  }

  /** A whole command rewritten, offered on its first line. */
  #rewrites(document: vscode.TextDocument, range: vscode.Range): vscode.CodeAction[] {
    return this.documents.read(document).judged.flatMap((judged) => {
      const fix = otherTuning(judged);
      const place = rangeOf(document, judged.sheet.commandSpan ?? judged.sheet.settings[0]?.key ?? judged.sheet.span);
      if (!fix || !place.intersection(range)) return [];
      const result = new vscode.CodeAction(fix.title, vscode.CodeActionKind.RefactorRewrite);
      result.edit = editOf(document, withoutEmptyLines(document.getText(), fix));
      return [result];
    });
  }

  #fixes(document: vscode.TextDocument, range: vscode.Range, found: readonly Finding[]): vscode.CodeAction[] {
    return found
      .filter(({ span }) => rangeOf(document, span).intersection(range))
      .flatMap((finding) => (finding.fixes ?? []).map((fix, at) => action(document, finding, fix, at === 0)));
  }

  dispose(): void {
    this.#owned.dispose();
  }

  #ask(document: vscode.TextDocument): void {
    if (!languages.includes(document.languageId) || FOR_READING.has(document.uri.scheme)) return;
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
    const all = [...findings, ...checkAll(judged, surroundings(document))];
    const found = all.filter((finding) => !isSaidElsewhere(finding, document.languageId, hasYamlExtension()));
    this.#found.set(document.uri.toString(), found);
    this.#shown.set(
      document.uri,
      found.map((finding) => diagnostic(document, finding)),
    );
  }
}

/** Documents that are shown and not written: what git had, what a configuration comes to. */
const FOR_READING = new Set(['git', 'grpo-composed']);

/** Red Hat's extension says by itself what is no YAML. */
const hasYamlExtension = (): boolean => vscode.extensions.getExtension('redhat.vscode-yaml') !== undefined;

function diagnostic(document: vscode.TextDocument, finding: Finding): vscode.Diagnostic {
  const result = new vscode.Diagnostic(rangeOf(document, finding.span), finding.text, SEVERITY[finding.weight]);
  result.source = 'GRPO Lens';
  result.code = finding.rule;
  if (finding.rule === 'inert-key') result.tags = [vscode.DiagnosticTag.Unnecessary];
  if (finding.rule === 'deprecated-key') result.tags = [vscode.DiagnosticTag.Deprecated];
  return result;
}

function editOf(document: vscode.TextDocument, fix: Fix): vscode.WorkspaceEdit {
  const edit = new vscode.WorkspaceEdit();
  for (const { span, text } of fix.changes) edit.replace(document.uri, rangeOf(document, span), text);
  return edit;
}

function action(document: vscode.TextDocument, finding: Finding, fix: Fix, first: boolean): vscode.CodeAction {
  const result = new vscode.CodeAction(fix.title, vscode.CodeActionKind.QuickFix);
  result.edit = editOf(document, fix);
  result.diagnostics = [diagnostic(document, finding)];
  result.isPreferred = first && (finding.fixes?.length ?? 0) === 1;
  return result;
}
