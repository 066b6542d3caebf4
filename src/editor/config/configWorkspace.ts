import * as vscode from 'vscode';
import { Disposables, type Disposable } from '../../base/disposable';
import { registeredIn, type Registered } from '../../domain/frameworks/registered';
import type { Workspace } from '../../domain/language/offers';
import { downloadedIds, folderReader } from '../../machine/config/workspaceFiles';
import { FOREIGN } from '../places';

const MOST_FILES = 400;
const MOST_BYTES = 400_000;

interface Indexed {
  readonly uri: vscode.Uri;
  readonly registered: readonly Registered[];
  readonly text: string;
}

/** A name of the user's with its place. */
export interface NamedPlace extends Registered {
  readonly location: vscode.Location;
}

/** The Python files of the workspace with the rewards, data sets and functions that they name; read when first asked. */
export class WorkspaceIndex implements Disposable {
  readonly #owned = new Disposables();
  readonly #files = new Map<string, Promise<Indexed | undefined>>();
  #found: Promise<readonly vscode.Uri[]> | undefined;

  constructor() {
    const watcher = this.#owned.add(vscode.workspace.createFileSystemWatcher('**/*.py'));
    const forget = (uri: vscode.Uri): void => void this.#files.delete(uri.toString());
    const again = (uri: vscode.Uri): void => {
      forget(uri);
      this.#found = undefined;
    };
    this.#owned.add(watcher.onDidChange(forget));
    this.#owned.add(watcher.onDidCreate(again));
    this.#owned.add(watcher.onDidDelete(again));
    this.#owned.add(vscode.workspace.onDidChangeTextDocument(({ document }) => forget(document.uri)));
  }

  /** What the workspace offers to a document. */
  async around(document: vscode.TextDocument): Promise<Workspace> {
    const files = await this.#all();
    const own = vscode.Uri.joinPath(document.uri, '..').path;
    return {
      files: files.map(({ uri, registered }) => ({ path: relative(own, uri), registered })),
      folder: document.uri.scheme === 'file' ? folderReader(document.uri.fsPath) : () => undefined,
      downloaded: downloadedIds(),
    };
  }

  /** Where a name is registered, or defined as a function. */
  async named(name: string): Promise<readonly NamedPlace[]> {
    const files = await this.#all();
    return files.flatMap(({ uri, registered, text }) =>
      registered
        .filter((one) => one.name === name)
        .map((one) => ({ ...one, location: new vscode.Location(uri, positionIn(text, one.span.start)) })),
    );
  }

  async #all(): Promise<readonly Indexed[]> {
    this.#found ??= Promise.resolve(vscode.workspace.findFiles('**/*.py', FOREIGN, MOST_FILES));
    const found = await Promise.all((await this.#found).map((uri) => this.#file(uri)));
    return found.filter((one) => one !== undefined);
  }

  #file(uri: vscode.Uri): Promise<Indexed | undefined> {
    const key = uri.toString();
    const known = this.#files.get(key);
    if (known) return known;
    const read = textOf(uri).then((text) =>
      text === undefined ? undefined : { uri, text, registered: registeredIn(text) },
    );
    this.#files.set(key, read);
    return read;
  }

  dispose(): void {
    this.#owned.dispose();
  }
}

/** A file as it is in its editor, else as it is saved; undefined where it is too long or cannot be read. */
export async function textOf(uri: vscode.Uri): Promise<string | undefined> {
  const open = vscode.workspace.textDocuments.find((document) => document.uri.toString() === uri.toString());
  if (open) return open.getText();
  const bytes = await vscode.workspace.fs.readFile(uri).then(
    (read) => read,
    () => undefined,
  );
  return bytes && bytes.length <= MOST_BYTES ? new TextDecoder().decode(bytes) : undefined;
}

function positionIn(text: string, offset: number): vscode.Position {
  const before = text.slice(0, offset).split('\n');
  return new vscode.Position(before.length - 1, before.at(-1)?.length ?? 0);
}

/** A path as a document in `folder` writes it: below itself where it is, else from the workspace's root. */
function relative(folder: string, uri: vscode.Uri): string {
  if (uri.path.startsWith(`${folder}/`)) return uri.path.slice(folder.length + 1);
  return vscode.workspace.asRelativePath(uri, false);
}
