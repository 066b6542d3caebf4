import { basename, dirname, relative } from 'node:path';
import * as vscode from 'vscode';
import { Emitter } from '../../base/event';
import { openTable, type Table } from '../../machine/table';
import { samplesNear } from '../../machine/nearby';

const CHOSEN = 'grpoLens.samples';

/** Where each reward file's samples come from: as the user chose, else the nearest there is. Tables are opened once. */
export class Sources {
  readonly #changed = new Emitter<string>();
  readonly #tables = new Map<string, Promise<Table>>();

  /** Told with the path of the reward file whose samples are others now. */
  readonly onChange = this.#changed.event;

  constructor(private readonly memory: vscode.Memento) {}

  /** Path of the samples; undefined where none was chosen and none is near. */
  async of(file: string): Promise<string | undefined> {
    return this.#chosen()[file] ?? (await samplesNear(file))[0];
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
    const other = [
      { label: 'A run’s folder…', path: undefined, folder: true },
      { label: 'A file (JSONL or parquet)…', path: undefined, folder: false },
    ];
    const chosen = await vscode.window.showQuickPick([...near, ...other], {
      title: `Samples for ${basename(file)}`,
      placeHolder: 'Completions that the rewards of this file are run on',
    });
    if (!chosen) return;
    const path = chosen.path ?? (await browse('folder' in chosen && chosen.folder, file));
    if (path === undefined) return;
    await this.memory.update(CHOSEN, { ...this.#chosen(), [file]: path });
    this.#changed.fire(file);
  }

  /** Forgets a table, so that it is read again. */
  forget(source: string): void {
    this.#tables.delete(source);
  }

  #chosen(): Readonly<Record<string, string>> {
    return this.memory.get(CHOSEN, {});
  }
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
