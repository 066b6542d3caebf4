import { basename } from 'node:path';
import * as vscode from 'vscode';
import { Disposables, type Disposable } from '../base/disposable';
import { startTable, type TableThread } from '../machine/tableThread';
import { completionsPanelGuards, type CompletionsPanel } from '../wire/completionsPanel';
import type { Guard } from './guard';
import { compareSamples, copyLink, exportRows, linkHandler, sampleTexts } from './samples';
import type { Opened, Page, Pages } from './panel';

/** A folder or file as our own code names it, or as VS Code's menus do. */
type Place = string | { readonly fsPath: string };

/** Pages of completions: one for each run's folder or file, each over a table in a thread of its own. */
export class CompletionsPanels implements Disposable {
  readonly #owned = new Disposables();
  readonly #open = new Map<string, Opened<CompletionsPanel>>();

  constructor(
    private readonly pages: Pages,
    private readonly root: vscode.Uri,
    guard: Guard,
  ) {
    this.#owned.add(guard.command('grpoLens.openCompletions', (source, query) => this.#command(source, query)));
    this.#owned.add(vscode.window.registerCustomEditorProvider('grpoLens.completions', this.#provider()));
    this.#owned.add(linkHandler((path, query) => this.#show(path, query), guard));
    this.#owned.add(sampleTexts());
  }

  async #command(source?: Place, query?: string): Promise<void> {
    const path = typeof source === 'string' ? source : (source?.fsPath ?? (await choose()));
    if (path !== undefined) this.#show(path, query);
  }

  #show(path: string, query?: string): void {
    const before = this.#open.get(path);
    before?.panel.reveal();
    if (before && query !== undefined) before.tell('show', { query });
    if (before) return;
    const thread = this.#thread(path);
    const opened = this.pages.open('grpoLens.completions', `Completions: ${nameOf(path)}`, pageOf(thread, path, query));
    this.#open.set(path, opened);
    opened.panel.onDidDispose(() => this.#open.delete(path));
    follow(opened, thread);
  }

  /** In place of a file's text, for the files that are completions by their names. */
  #provider(): vscode.CustomReadonlyEditorProvider {
    return {
      openCustomDocument: (uri) => ({ uri, dispose: () => undefined }),
      resolveCustomEditor: ({ uri }, panel) => {
        const thread = this.#thread(uri.fsPath);
        follow(this.pages.fill(panel, pageOf(thread, uri.fsPath)), thread);
      },
    };
  }

  #thread(path: string): TableThread {
    return startTable(vscode.Uri.joinPath(this.root, 'dist', 'tableWorker.js').fsPath, { path, options: {} });
  }

  dispose(): void {
    for (const { panel } of this.#open.values()) panel.dispose();
    this.#owned.dispose();
  }
}

/** The page's questions go to the thread as they are, but for those that need the editor. */
function pageOf({ table }: TableThread, path: string, query = ''): Page<CompletionsPanel> {
  return {
    bundle: 'completions',
    guards: completionsPanelGuards,
    methods: {
      hello: async (args, signal) => ({ ...(await table.ask('hello', args, signal)), query }),
      view: (args, signal) => table.ask('view', args, signal),
      rows: (args, signal) => table.ask('rows', args, signal),
      detail: (args, signal) => table.ask('detail', args, signal),
      through: (args, signal) => table.ask('through', args, signal),
      curves: (args, signal) => table.ask('curves', args, signal),
      label: (args) => table.ask('label', args),
      export: (args) => exportRows(table, path, args),
      link: ({ row }) => copyLink(path, row),
      compare: ({ left, right }) => compareSamples(table, path, { left, right }),
    },
  };
}

/** Passes on what the table tells, and ends its thread with the page. */
function follow({ panel, tell }: Opened<CompletionsPanel>, thread: TableThread): void {
  thread.table.on('grown', (opening) => tell('grown', opening));
  panel.onDidDispose(() => thread.dispose());
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
