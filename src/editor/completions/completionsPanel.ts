import * as vscode from 'vscode';
import { Disposables, type Disposable } from '../../base/disposable';
import { startTable, type TableThread } from '../../machine/table/thread';
import { completionsPanelGuards, type CompletionsPanel } from '../../wire/completionsPanel';
import type { Methods } from '../../wire/wire';
import { CompletionsKept } from './completionsKept';
import type { Guard } from '../guard';
import { sshSettings } from '../runs/hosts';
import {
  Aside,
  compareSamples,
  copyLink,
  exportRows,
  linkHandler,
  nameOf,
  rowsToNotebook,
  sampleTexts,
} from './samples';
import type { Opened, Page, Pages } from '../panel';
import type { RewardRows } from '../rewards/rows';

/** A folder or file as our own code names it, or as VS Code's menus do. */
type Place = string | { readonly fsPath: string } | FarPlace;

/** A path on another machine. */
interface FarPlace {
  readonly target: string;
  readonly path: string;
}

/** What pages of completions need besides their table. */
export interface CompletionsRoom {
  /** The extension's own folder. */
  readonly root: vscode.Uri;
  readonly memory: vscode.Memento;
  readonly rows: RewardRows;
}

/** Pages of completions: one for each run's folder or file, each over a table in a thread of its own. */
export class CompletionsPanels implements Disposable {
  readonly #owned = new Disposables();
  readonly #open = new Map<string, Shown>();
  readonly #kept: CompletionsKept;
  readonly #aside = new Aside();

  constructor(
    private readonly pages: Pages,
    private readonly room: CompletionsRoom,
    private readonly guard: Guard,
  ) {
    this.#kept = new CompletionsKept(room.memory);
    this.#owned.add(guard.command('grpoLens.openCompletions', (source, query) => this.#command(source, query)));
    this.#owned.add(vscode.window.registerCustomEditorProvider('grpoLens.completions', this.#provider()));
    this.#owned.add(linkHandler((path, query, target) => this.#show(path, query, target), guard));
    this.#owned.add(sampleTexts());
  }

  async #command(source?: Place, query?: string): Promise<void> {
    if (typeof source === 'object' && 'target' in source) return this.#show(source.path, query, source.target);
    const path = typeof source === 'string' ? source : (source?.fsPath ?? (await choose()));
    if (path !== undefined) this.#show(path, query);
  }

  #show(path: string, query?: string, target?: string): void {
    const key = JSON.stringify([target, path]);
    const before = this.#open.get(key);
    if (before) return again(before, query);
    const thread = this.#thread(path, target);
    const wanted: Wanted = { query: query ?? null };
    const opened = this.pages.open(
      'grpoLens.completions',
      `Completions: ${nameOf(path)}${target === undefined ? '' : ` on ${target}`}`,
      this.#page({ thread, path, ...(target === undefined ? {} : { target }) }, wanted),
    );
    this.#open.set(key, { opened, wanted });
    opened.panel.onDidDispose(() => this.#open.delete(key));
    this.#follow(opened, thread, path);
  }

  /** In place of a file's text, for the files that are completions by their names. */
  #provider(): vscode.CustomReadonlyEditorProvider {
    return {
      openCustomDocument: (uri) => ({ uri, dispose: () => undefined }),
      resolveCustomEditor: ({ uri }, panel) => {
        const thread = this.#thread(uri.fsPath);
        this.#follow(this.pages.fill(panel, this.#page({ thread, path: uri.fsPath })), thread, uri.fsPath);
      },
    };
  }

  #thread(path: string, target?: string): TableThread {
    const script = vscode.Uri.joinPath(this.room.root, 'dist', 'tableWorker.js').fsPath;
    const python = vscode.Uri.joinPath(this.room.root, 'python').fsPath;
    const far = target === undefined ? {} : { far: { target, python, ssh: sshSettings() } };
    return startTable(script, { path, options: { mappings: this.#kept.mappings }, ...far });
  }

  #page({ thread, path, target }: Source, wanted: Wanted = { query: null }): Page<CompletionsPanel> {
    const { table } = thread;
    const { rows } = this.room;
    const here = async (row: number): Promise<readonly [string, number]> =>
      target === undefined ? [path, row] : thread.brought.batchOf(row);
    return {
      bundle: 'completions',
      guards: completionsPanelGuards,
      methods: {
        ...tableMethods(thread),
        hello: async (args, signal) => {
          const opening = await table.ask('hello', args, signal);
          const { query } = wanted;
          wanted.query = null;
          return { ...opening, query };
        },
        map: async (mapping) => {
          await this.#kept.map((await table.ask('hello', {})).unmapped, mapping);
          return table.ask('map', mapping);
        },
        kept: () => this.#kept.kept,
        keep: (kept) => this.#kept.keep(kept),
        export: (args) => exportRows(table, path, args),
        toNotebook: ({ view }) => rowsToNotebook(table, path, view),
        link: ({ row }) => copyLink({ path, target }, row),
        compare: ({ left, right }) => compareSamples(table, path, { left, right }),
        against: ({ row }) => this.#aside.against(table, path, row),
        why: ({ row }) => this.#shown('why a row has its score', async () => rows.why(...(await here(row)))),
        testCase: ({ row }) => this.#shown('a test case', async () => rows.testCase(...(await here(row)))),
        patterns: () => rows.patterns(),
      },
    };
  }

  /** A page shows no reasons of its own for what happens outside of it. */
  async #shown(what: string, run: () => Promise<void>): Promise<null> {
    await this.guard.wrap(what, run)();
    return null;
  }

  /** Passes on what the table tells and what rewards give now, and ends the table's thread with the page. */
  #follow({ panel, tell }: Opened<CompletionsPanel>, thread: TableThread, path: string): void {
    thread.table.on('grown', (opening) => tell('grown', opening));
    const rescore = this.guard.quietly('re-scored completions', async () => {
      for (const one of await this.room.rows.rescored(path)) await thread.table.ask('rescore', one);
    });
    const watching = this.room.rows.onRescored((source) => void (source === path && rescore()));
    void rescore();
    panel.onDidDispose(() => {
      watching.dispose();
      thread.dispose();
    });
  }

  dispose(): void {
    for (const { opened } of this.#open.values()) opened.panel.dispose();
    this.#owned.dispose();
  }
}

/** What the page that comes next shall show; one that is hidden is made anew when it is seen again. */
interface Wanted {
  query: string | null;
}

/** What a page shows. */
interface Source {
  readonly thread: TableThread;
  readonly path: string;
  /** Where that is, if not here. */
  readonly target?: string;
}

interface Shown {
  readonly opened: Opened<CompletionsPanel>;
  readonly wanted: Wanted;
}

function again({ opened, wanted }: Shown, query: string | undefined): void {
  const { visible } = opened.panel;
  opened.panel.reveal();
  if (query === undefined) return;
  if (visible) opened.tell('show', { query });
  else wanted.query = query;
}

/** The page's questions that go to the thread as they are. */
function tableMethods({ table }: TableThread): Omit<TablePage, 'map'> {
  return {
    view: (args, signal) => table.ask('view', args, signal),
    rows: (args, signal) => table.ask('rows', args, signal),
    detail: (args, signal) => table.ask('detail', args, signal),
    through: (args, signal) => table.ask('through', args, signal),
    curves: (args, signal) => table.ask('curves', args, signal),
    spread: (args, signal) => table.ask('spread', args, signal),
    label: (args) => table.ask('label', args),
  };
}

type TablePage = Pick<
  Methods<CompletionsPanel>,
  'view' | 'rows' | 'detail' | 'through' | 'curves' | 'spread' | 'label' | 'map'
>;

async function choose(): Promise<string | undefined> {
  const chosen = await vscode.window.showOpenDialog({
    title: 'Completions of a run: its folder, or one file (parquet or JSONL)',
    canSelectFiles: true,
    canSelectFolders: true,
    openLabel: 'Open Completions',
  });
  return chosen?.[0]?.fsPath;
}
