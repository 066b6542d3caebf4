import { basename } from 'node:path';
import * as vscode from 'vscode';
import { disposable, type Disposable } from '../base/disposable';
import { startTable } from '../machine/tableThread';
import { completionsPanelGuards, type CompletionsPanel } from '../wire/completionsPanel';
import type { Opened, Page, Pages } from './panel';

/** Where tables are read: each in a thread of its own, whose script is one of our bundles. */
export interface CompletionsParts {
  readonly pages: Pages;
  readonly root: vscode.Uri;
}

/** Opens the completions of a run's folder or of a file; `query` is shown first, such as `step=100`. */
export async function openCompletions(parts: CompletionsParts, source?: string, query?: string): Promise<void> {
  const path = source ?? (await choose());
  if (path === undefined) return;
  const { page, thread } = pageOf(parts, path);
  const opened = parts.pages.open('grpoLens.completions', `Completions: ${nameOf(path)}`, page);
  follow(opened, thread);
  if (query !== undefined) opened.tell('show', { query });
}

/** VS Code's editor for files of completions, in place of their text. */
export function completionsEditor(parts: CompletionsParts): Disposable {
  return vscode.window.registerCustomEditorProvider('grpoLens.completions', {
    openCustomDocument: (uri: vscode.Uri) => ({ uri, dispose: () => undefined }),
    resolveCustomEditor: ({ uri }: vscode.CustomDocument, panel: vscode.WebviewPanel) => {
      const { page, thread } = pageOf(parts, uri.fsPath);
      follow(parts.pages.fill(panel, page), thread);
    },
  });
}

type Thread = ReturnType<typeof startTable>;

function pageOf({ root }: CompletionsParts, path: string): { page: Page<CompletionsPanel>; thread: Thread } {
  const script = vscode.Uri.joinPath(root, 'dist', 'tableWorker.js').fsPath;
  const thread = startTable(script, { path, options: {} });
  const { table } = thread;
  const page: Page<CompletionsPanel> = {
    bundle: 'completions',
    guards: completionsPanelGuards,
    methods: {
      hello: (args, signal) => table.ask('hello', args, signal),
      view: (args, signal) => table.ask('view', args, signal),
      rows: (args, signal) => table.ask('rows', args, signal),
      detail: (args, signal) => table.ask('detail', args, signal),
    },
  };
  return { page, thread };
}

/** Passes on what the table tells, and ends its thread with the page. */
function follow({ panel, tell }: Opened<CompletionsPanel>, thread: Thread): void {
  thread.table.on('grown', (opening) => tell('grown', opening));
  panel.onDidDispose(disposable(() => thread.dispose()).dispose);
}

async function choose(): Promise<string | undefined> {
  const chosen = await vscode.window.showOpenDialog({
    title: 'Completions of a run: its folder, or one file (parquet or JSONL)',
    canSelectFiles: true,
    canSelectFolders: true,
    openLabel: 'Open Completions',
  });
  return chosen?.[0]?.fsPath;
}

function nameOf(path: string): string {
  return basename(path.replace(/[\\/](output|completions)[\\/]?$/, ''));
}
