import { basename, dirname, relative } from 'node:path';
import * as vscode from 'vscode';
import { Disposables, type Disposable } from '../../base/disposable';
import { Emitter } from '../../base/event';
import { Debounced } from '../../base/pace';
import { assigns, rewardWords } from '../../domain/rewards/rewardCell';
import { pathOf } from '../../machine/rewards/cellSamples';
import { isPlayground, isWhole, paste, promptOf, startPlayground } from '../../machine/rewards/playground';
import { firstRecords, rowsNear } from '../../machine/rewards/rowsNear';
import { openTable, type Table } from '../../machine/table/table';
import { samplesNear } from '../../machine/rewards/nearby';
import { folderOf } from '../notebookFolder';
import type { CellSamples } from './cellSamples';
import { cellOf, sourceOf } from './cells';

const CHOSEN = 'grpoLens.samples';
/** The variable that a `%%reward` cell without words takes, where there is one. */
const OWN = 'samples';
const PAUSE_MS = 150;
const MOST_ROWS = 200;

type How = 'folder' | 'file' | 'type' | 'paste';

const OTHERS: readonly { readonly label: string; readonly how: How }[] = [
  { label: '$(folder) A run’s folder…', how: 'folder' },
  { label: '$(file) A file (JSONL or parquet)…', how: 'file' },
  { label: '$(edit) Type completions by hand', how: 'type' },
  { label: '$(clippy) Paste completions for a row of a data set…', how: 'paste' },
];

/** Samples by their path; by a name alone where a cell has them only when it is run. */
interface Source {
  readonly path?: string;
  readonly name: string;
}

/** Where each reward file's samples come from: as the user chose, else the nearest there is. Tables are opened once. */
export class Sources implements Disposable {
  readonly #owned = new Disposables();
  readonly #typing = new Debounced(() => this.#keep(), PAUSE_MS);
  #typedIn: vscode.TextDocument | undefined;
  readonly #changed = new Emitter<string>();
  readonly #tables = new Map<string, Promise<Table>>();
  readonly #nearby = new Map<string, string>();

  /** Told with the path of the reward file whose samples are others now. */
  readonly onChange = this.#changed.event;

  constructor(
    private readonly memory: vscode.Memento,
    /** What `%%reward` cells had. */
    readonly cells: CellSamples,
  ) {
    this.#owned.add(
      cells.onChange((path) => {
        this.#tables.delete(path);
        this.#changed.fire(path);
      }),
    );
    this.#owned.add(vscode.workspace.onDidSaveTextDocument(({ fileName }) => this.#reread(fileName)));
    this.#owned.add(vscode.workspace.onDidChangeTextDocument(({ document }) => this.#typed(document)));
  }

  dispose(): void {
    this.#typing.dispose();
    this.#owned.dispose();
  }

  /** Samples of a reward file or cell; undefined where none was chosen and none is near. */
  async of(document: vscode.TextDocument): Promise<Source | undefined> {
    const cell = cellOf(document);
    const words = cell && rewardWords(document.getText());
    if (!cell || words === undefined) return namedOr(await this.near(document.fileName));
    const kept = this.cells.of(cell.notebook, words);
    if (kept !== undefined) return { path: kept, name: `${words || OWN}, as the cell had them` };
    if (words !== '') return namedOr(await pathOf({ words, folder: folderOf(cell.notebook) }), words);
    return assigns(sourceOf(document), OWN) ? { name: OWN } : namedOr(await this.near(document.fileName), OWN);
  }

  /** Path of the samples of a file, as chosen, else the nearest. */
  async near(file: string): Promise<string | undefined> {
    const chosen = this.#chosen()[file];
    if (chosen !== undefined) return chosen;
    const known = this.#nearby.get(file);
    const found = samplesNear(file).then(([nearest]) => nearest);
    if (known === undefined) return this.#nearest(file, await found);
    void found.then((nearest) => {
      if (nearest !== this.#nearby.get(file)) this.#changed.fire(file);
      this.#nearest(file, nearest);
    });
    return known;
  }

  /** Files are looked for while the last answer is used already: a disk may be slow, and is asked on each keystroke. */
  #nearest(file: string, nearest: string | undefined): string | undefined {
    if (nearest === undefined) this.#nearby.delete(file);
    else this.#nearby.set(file, nearest);
    return nearest;
  }

  /** The samples' table, opened once. Throws the `Problem` that opening it gave. */
  table(source: string): Promise<Table> {
    const known = this.#tables.get(source);
    if (known) return known;
    const opened = openTable(source);
    this.#tables.set(source, opened);
    opened.catch(() => this.#tables.delete(source));
    return opened;
  }

  /** Asks where the samples are: near runs first, then any file or folder. */
  async choose(file: string): Promise<void> {
    const near = (await samplesNear(file)).map((path) => ({ label: name(path), description: path, path }));
    const chosen = await vscode.window.showQuickPick([...near, ...OTHERS], {
      title: `Samples for ${basename(file)}`,
      placeHolder: 'Completions that the rewards of this file are run on',
    });
    const path = chosen && ('path' in chosen ? chosen.path : await this.#made(chosen.how, file));
    if (path === undefined) return;
    await this.memory.update(CHOSEN, { ...this.#chosen(), [file]: path });
    this.#reread(path);
    this.#changed.fire(file);
  }

  async #made(how: How, file: string): Promise<string | undefined> {
    if (how === 'folder' || how === 'file') return browse(how === 'folder', file);
    const path = how === 'type' ? await startPlayground(file) : await pasted(file);
    if (path === undefined) return undefined;
    const beside = { viewColumn: vscode.ViewColumn.Beside, preserveFocus: how === 'paste' };
    await vscode.window.showTextDocument(vscode.Uri.file(path), beside);
    return path;
  }

  /** What is typed by hand is saved after each pause, as soon as every line is whole. */
  #typed(document: vscode.TextDocument): void {
    if (!isPlayground(document.fileName) || !document.isDirty) return;
    this.#typedIn = document;
    this.#typing.call();
  }

  #keep(): void {
    const document = this.#typedIn;
    if (document && !document.isClosed && isWhole(document.getText())) void document.save();
  }

  #reread(path: string): void {
    if (!this.#tables.delete(path)) return;
    this.#changed.fire(path);
  }

  #chosen(): Readonly<Record<string, string>> {
    return this.memory.get(CHOSEN, {});
  }
}

function namedOr(path: string | undefined, other?: string): Source | undefined {
  if (path !== undefined) return { path, name: name(path) };
  return other === undefined ? undefined : { name: other };
}

/** A row of a data set, with the completions that lie in the clipboard. */
async function pasted(file: string): Promise<string | undefined> {
  const near = (await rowsNear(file)).map((path) => ({ label: name(path), path }));
  const data =
    near.length === 1 ? near[0] : await vscode.window.showQuickPick(near, { title: 'Rows of which data set?' });
  const path = data?.path ?? (near.length === 0 ? await browse(false, file) : undefined);
  if (path === undefined) return undefined;
  const rows = (await firstRecords(path, MOST_ROWS)).map((record, row) => ({
    label: `row ${row}`,
    description: JSON.stringify(promptOf(record)).slice(0, 120),
    record,
  }));
  const placeHolder = 'The clipboard’s text becomes its completion; lines of --- part several';
  const row = await vscode.window.showQuickPick(rows, {
    title: 'Which row was answered?',
    placeHolder,
    matchOnDescription: true,
  });
  return row && paste(file, row.record, await vscode.env.clipboard.readText());
}

/** A path as people name it: from the workspace folder that holds it. */
export function name(path: string): string {
  const folder = vscode.workspace.getWorkspaceFolder(vscode.Uri.file(path));
  return (folder ? relative(folder.uri.fsPath, path) : path) || basename(path);
}

async function browse(folder: boolean, file: string): Promise<string | undefined> {
  const chosen = await vscode.window.showOpenDialog({
    canSelectFiles: !folder,
    canSelectFolders: folder,
    canSelectMany: false,
    defaultUri: vscode.Uri.file(dirname(file)),
    openLabel: 'Use as Samples',
  });
  return chosen?.[0]?.fsPath;
}
