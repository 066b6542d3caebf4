import { basename } from 'node:path';
import * as vscode from 'vscode';
import { Disposables, type Disposable } from '../../base/disposable';
import { checkTemplate, variablesAt } from '../../domain/dataset/template';
import { differences } from '../../domain/dataset/templateDifferences';
import { templateKind } from '../../domain/frameworks/templates';
import { preview, type Preview } from '../../machine/data/preview';
import type { Guard } from '../guard';
import { rangeOf } from '../places';

const SCHEME = 'grpo-lens-prompt';
const SHOWN = 5;

/** Prompt templates: their faults as they are typed, and what they make of real records beside them. */
export class Templates implements Disposable, vscode.TextDocumentContentProvider {
  readonly #owned = new Disposables();
  readonly #changed = this.#owned.add(new vscode.EventEmitter<vscode.Uri>());
  readonly #shown: vscode.DiagnosticCollection;
  /** Template → its data set, while it is previewed. */
  readonly #data = new Map<string, string>();

  readonly onDidChange = this.#changed.event;

  constructor(guard: Guard) {
    this.#shown = this.#owned.add(vscode.languages.createDiagnosticCollection('grpoLens.templates'));
    this.#owned.add(vscode.workspace.registerTextDocumentContentProvider(SCHEME, this));
    const provideCompletionItems = guard.quietly('variables of a template', suggestions);
    this.#owned.add(
      vscode.languages.registerCompletionItemProvider({ language: 'jinja' }, { provideCompletionItems }, '{', ' '),
    );
    const look = guard.quietly('prompt templates', (document: vscode.TextDocument) => this.#look(document));
    this.#owned.add(vscode.workspace.onDidOpenTextDocument(look));
    this.#owned.add(vscode.workspace.onDidChangeTextDocument(({ document }) => look(document)));
    this.#owned.add(vscode.workspace.onDidCloseTextDocument(({ uri }) => this.#shown.delete(uri)));
    for (const document of vscode.workspace.textDocuments) void look(document);
  }

  /** Opens the preview beside the template; asks for the data set once. */
  async open(template: string): Promise<void> {
    const data = this.#data.get(template) ?? (await askData());
    if (data === undefined) return;
    this.#data.set(template, data);
    const uri = previewUri(template);
    this.#changed.fire(uri);
    const document = await vscode.workspace.openTextDocument(uri);
    await vscode.window.showTextDocument(document, { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true });
  }

  async provideTextDocumentContent(uri: vscode.Uri): Promise<string> {
    const template = uri.query;
    const data = this.#data.get(template);
    if (data === undefined) return 'Run “Preview Prompt Template” on the template to choose its data set.';
    const document = await vscode.workspace.openTextDocument(vscode.Uri.file(template));
    const text = document.getText();
    const notes = differences(text).map((difference) => `⚠ ${difference}`);
    const shown = textOf(await preview(text, data, { from: 0, count: SHOWN }), data);
    return notes.length === 0 ? shown : `${notes.join('\n')}\n\n${shown}`;
  }

  #look(document: vscode.TextDocument): void {
    if (document.languageId !== 'jinja' || document.uri.scheme === SCHEME) return;
    const text = document.getText();
    const found = checkTemplate(text, templateKind(text).known);
    this.#shown.set(
      document.uri,
      found.map(({ span, weight, text: said, rule }) => {
        const severity = weight === 'error' ? vscode.DiagnosticSeverity.Error : vscode.DiagnosticSeverity.Warning;
        const diagnostic = new vscode.Diagnostic(rangeOf(document, span), said, severity);
        diagnostic.source = 'GRPO Lens';
        diagnostic.code = rule;
        return diagnostic;
      }),
    );
    if (this.#data.has(document.uri.fsPath)) this.#changed.fire(previewUri(document.uri.fsPath));
  }

  dispose(): void {
    this.#owned.dispose();
  }
}

function suggestions(document: vscode.TextDocument, position: vscode.Position): vscode.CompletionItem[] {
  const text = document.getText();
  const names = variablesAt(text, document.offsetAt(position), templateKind(text).known);
  return names.map((name) => new vscode.CompletionItem(name, vscode.CompletionItemKind.Variable));
}

function previewUri(template: string): vscode.Uri {
  return vscode.Uri.from({ scheme: SCHEME, path: `/${basename(template)} on records`, query: template });
}

function textOf({ rendered }: Preview, data: string): string {
  const parts = rendered.map(({ record, text, why }) => {
    return `──── record ${record.row} of ${basename(data)} ────\n${text ?? why ?? ''}`;
  });
  return parts.length === 0 ? `${data} has no records.` : `${parts.join('\n\n')}\n`;
}

async function askData(): Promise<string | undefined> {
  const chosen = await vscode.window.showOpenDialog({
    title: 'Data set whose records fill the template',
    filters: { 'Data sets': ['jsonl', 'json', 'parquet'] },
    openLabel: 'Preview',
  });
  return chosen?.[0]?.fsPath;
}
