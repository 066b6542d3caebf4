import { basename } from 'node:path';
import * as vscode from 'vscode';
import { Disposables, type Disposable } from '../../base/disposable';
import { Emitter } from '../../base/event';
import type { PreparedRow } from '../../domain/rewards/explained';
import { Problem } from '../../domain/problem';
import type { RawRecord } from '../../domain/rollouts/rollout';
import { jsonOf } from '../../machine/data/bytes';
import { rowOf, rowsNear } from '../../machine/rewards/rowsNear';
import type { Guard } from '../guard';
import { setting } from '../settings';
import { sourceOf } from './cells';
import type { Pythons } from './pythons';
import type { Scoring } from './scoring';
import { openDocument } from './selection';
import { name as nameOf, type Sources } from './sources';

const CHOSEN = 'grpoLens.rows';
const SCHEME = 'grpo-row';

/** One row of a data set, put through the functions of a file. */
export interface RowsShown {
  readonly version: number;
  /** The data set; undefined: none was chosen and none is near. */
  readonly file?: string;
  readonly row: number;
  readonly before?: RawRecord;
  /** By the function's name. */
  readonly after: ReadonlyMap<string, PreparedRow>;
  readonly problem?: string;
}

interface Parts {
  readonly scoring: Scoring;
  readonly pythons: Pythons;
  readonly sources: Sources;
  readonly memory: vscode.Memento;
}

/** Data set functions of open files, run over one row at a time after each pause in typing. */
export class RowFunctions implements Disposable {
  readonly #owned = new Disposables();
  readonly #changed = this.#owned.add(new Emitter<vscode.Uri>());
  readonly #texts = this.#owned.add(new Emitter<vscode.Uri>());
  readonly #shown = new Map<string, RowsShown>();
  readonly #at = new Map<string, number>();

  readonly onChange = this.#changed.event;

  constructor(
    private readonly parts: Parts,
    guard: Guard,
  ) {
    const again = guard.quietly('preparing a row', (uri: vscode.Uri) => this.#refresh(uri));
    this.#owned.add(parts.scoring.onChange((uri) => void again(uri)));
    this.#owned.add(guard.command('grpoLens.nextRow', (file, _name, by = 1) => this.#step(openDocument(file), by)));
    this.#owned.add(guard.command('grpoLens.showRow', (file, name) => this.#show(openDocument(file), name)));
    this.#owned.add(guard.command('grpoLens.chooseRows', (file) => this.#choose(openDocument(file))));
    this.#owned.add(
      vscode.workspace.registerTextDocumentContentProvider(SCHEME, {
        onDidChange: (listener: (uri: vscode.Uri) => void) =>
          new vscode.Disposable(this.#texts.event(listener).dispose),
        provideTextDocumentContent: (uri) => this.#text(uri),
      }),
    );
  }

  of(document: vscode.TextDocument): RowsShown | undefined {
    return this.#shown.get(document.uri.toString());
  }

  dispose(): void {
    this.#owned.dispose();
  }

  async #refresh(uri: vscode.Uri): Promise<void> {
    const document = vscode.workspace.textDocuments.find((open) => open.uri.toString() === uri.toString());
    const scores = document && this.parts.scoring.of(document);
    const functions = scores?.rowFunctions ?? [];
    if (!document || !scores || scores.version !== document.version || scores.asks || functions.length === 0) return;
    const { version } = document;
    const shown = await this.#prepared(
      document,
      functions.map(({ name }) => name),
    );
    if (document.version !== version) return;
    this.#shown.set(uri.toString(), { ...shown, version });
    this.#changed.fire(uri);
    for (const name of shown.after.keys()) this.#texts.fire(textUri(document, name, 'after'));
    for (const name of shown.after.keys()) this.#texts.fire(textUri(document, name, 'before'));
  }

  async #prepared(document: vscode.TextDocument, names: readonly string[]): Promise<Omit<RowsShown, 'version'>> {
    const row = this.#at.get(document.uri.toString()) ?? 0;
    const file = await this.#file(document);
    if (file === undefined) return { row, after: new Map() };
    const before = await rowOf(file, row).catch((error: unknown) =>
      error instanceof Problem ? undefined : fail(error),
    );
    if (!before) return { row, file, after: new Map(), problem: `${nameOf(file)} has no row ${row}` };
    const python = await this.parts.pythons.of(document.uri);
    const request = {
      source: sourceOf(document),
      path: document.fileName,
      row: JSON.parse(jsonOf(before)) as RawRecord,
    };
    const timeout = setting('grpoLens.rewards.timeout', document.uri);
    const after = new Map<string, PreparedRow>();
    try {
      for (const name of names) after.set(name, await python.prepare({ ...request, function: name, timeout }));
    } catch (error) {
      if (error instanceof Problem) return { row, file, before, after, problem: error.message };
      throw error;
    }
    return { row, file, before, after };
  }

  async #file(document: vscode.TextDocument): Promise<string | undefined> {
    const chosen = this.#chosen()[document.fileName];
    if (chosen !== undefined) return chosen;
    const samples = this.parts.scoring.of(document)?.source;
    const joined = samples === undefined ? undefined : (await this.parts.sources.table(samples)).dataset?.file;
    return joined ?? (await rowsNear(document.fileName))[0];
  }

  async #step(document: vscode.TextDocument, by: number): Promise<void> {
    const key = document.uri.toString();
    this.#at.set(key, Math.max(0, (this.#at.get(key) ?? 0) + by));
    await this.#refresh(document.uri);
  }

  async #choose(document: vscode.TextDocument): Promise<void> {
    const near = (await rowsNear(document.fileName)).map((path) => ({ label: nameOf(path), path }));
    const other = { label: 'Another file (JSONL, JSON or parquet)…', path: undefined };
    const title = `Rows for ${basename(document.fileName)}`;
    const chosen = await vscode.window.showQuickPick([...near, other], { title });
    if (!chosen) return;
    const path = chosen.path ?? (await vscode.window.showOpenDialog({ openLabel: 'Use as Rows' }))?.[0]?.fsPath;
    if (path === undefined) return;
    await this.parts.memory.update(CHOSEN, { ...this.#chosen(), [document.fileName]: path });
    await this.#refresh(document.uri);
  }

  /** The editor's own comparison beside the code; it follows each edit. */
  async #show(document: vscode.TextDocument, name: string | undefined): Promise<void> {
    const shown = this.of(document);
    const wanted = name ?? shown?.after.keys().next().value;
    if (!shown?.before || wanted === undefined)
      throw new Problem({ code: 'missing', message: 'Choose rows of a data set for this file first.' });
    const [before, after] = [textUri(document, wanted, 'before'), textUri(document, wanted, 'after')];
    const title = `${wanted}: row ${shown.row} of ${basename(shown.file ?? '')}, before and after`;
    await vscode.commands.executeCommand('vscode.diff', before, after, title, { viewColumn: vscode.ViewColumn.Beside });
  }

  #text(uri: vscode.Uri): string {
    const { document = '', name = '', side } = JSON.parse(uri.query) as Readonly<Record<string, string>>;
    const shown = this.#shown.get(document);
    const after = shown?.after.get(name);
    if (side === 'before') return shown?.before ? jsonOf(shown.before, 2) : '';
    return after?.error ? `${after.error.type}: ${after.error.message}` : JSON.stringify(after?.after ?? null, null, 2);
  }

  #chosen(): Readonly<Record<string, string>> {
    return this.parts.memory.get(CHOSEN, {});
  }
}

function textUri(document: vscode.TextDocument, name: string, side: 'before' | 'after'): vscode.Uri {
  const query = JSON.stringify({ document: document.uri.toString(), name, side });
  return vscode.Uri.from({ scheme: SCHEME, path: `/${side}/${name}.json`, query });
}

function fail(error: unknown): never {
  throw error;
}
