import * as vscode from 'vscode';
import { Disposables, type Disposable } from '../../base/disposable';
import type { Finding } from '../../domain/config/finding';
import { offlineFindings } from '../../domain/runs/offline';
import { rangeOf } from '../places';

const LANGUAGES = ['shellscript', 'python'] as const;
const MOST_FILES = 500;

/** What in the workspace's scripts would go out on a host without a network: on request, then as they are typed. */
export class OfflineFindings implements Disposable, vscode.CodeActionProvider {
  readonly #owned = new Disposables();
  readonly #shown = this.#owned.add(vscode.languages.createDiagnosticCollection('grpoLens.offline'));
  readonly #found = new Map<string, readonly Finding[]>();

  constructor() {
    const selector = LANGUAGES.map((language) => ({ language, scheme: 'file' }));
    this.#owned.add(vscode.languages.registerCodeActionsProvider(selector, this));
    this.#owned.add(
      vscode.workspace.onDidChangeTextDocument(({ document }) => {
        if (this.#found.has(document.uri.toString())) this.#look(document);
      }),
    );
  }

  /** Looks at every script of the workspace; the number of findings. */
  async look(): Promise<number> {
    const files = await vscode.workspace.findFiles(
      '**/*.{sh,bash,py}',
      '**/{node_modules,site-packages,.*}/**',
      MOST_FILES,
    );
    this.#shown.clear();
    this.#found.clear();
    let sum = 0;
    for (const file of files) sum += this.#look(await vscode.workspace.openTextDocument(file));
    return sum;
  }

  #look(document: vscode.TextDocument): number {
    const language = LANGUAGES.find((one) => one === document.languageId);
    if (!language) return 0;
    const found = offlineFindings(document.getText(), language);
    this.#found.set(document.uri.toString(), found);
    this.#shown.set(
      document.uri,
      found.map(({ span, text, rule }) => {
        const diagnostic = new vscode.Diagnostic(rangeOf(document, span), text, vscode.DiagnosticSeverity.Warning);
        diagnostic.source = 'GRPO Lens';
        diagnostic.code = rule;
        return diagnostic;
      }),
    );
    return found.length;
  }

  provideCodeActions(document: vscode.TextDocument, range: vscode.Range): vscode.CodeAction[] {
    const found = this.#found.get(document.uri.toString()) ?? [];
    const here = found.filter(({ span }) => rangeOf(document, span).intersection(range));
    return here.flatMap(({ fixes = [] }) =>
      fixes.map(({ title, changes }) => {
        const action = new vscode.CodeAction(title, vscode.CodeActionKind.QuickFix);
        action.edit = new vscode.WorkspaceEdit();
        for (const { span, text } of changes) action.edit.replace(document.uri, rangeOf(document, span), text);
        return action;
      }),
    );
  }

  dispose(): void {
    this.#owned.dispose();
  }
}
