import { createHash } from 'node:crypto';
import * as vscode from 'vscode';
import { Disposables, type Disposable } from '../../base/disposable';
import { Emitter } from '../../base/event';
import type { OwnSamples } from '../../wire/kernel';
import type { Guard } from '../guard';

/** Samples that `%%reward` cells took from their variables, as files of the editor's own while their notebooks are open. */
export class CellSamples implements Disposable {
  readonly #owned = new Disposables();
  readonly #changed = this.#owned.add(new Emitter<string>());
  readonly #kept = new Map<string, vscode.Uri>();

  /** Told with the path of samples that are others now. */
  readonly onChange = this.#changed.event;

  constructor(
    private readonly storage: vscode.Uri,
    guard: Guard,
  ) {
    const forget = guard.quietly('forgetting samples of cells', (closed: vscode.NotebookDocument) =>
      this.#forget(closed),
    );
    this.#owned.add(vscode.workspace.onDidCloseNotebookDocument((notebook) => void forget(notebook)));
  }

  dispose(): void {
    this.#owned.dispose();
  }

  /** Path of the samples that a cell with these words had when it ran last. */
  of(notebook: vscode.NotebookDocument, words: string): string | undefined {
    return this.#kept.get(keyOf(notebook, words))?.fsPath;
  }

  /** Keeps what a cell had; null where its samples lie elsewhere. */
  async keep(notebook: vscode.NotebookDocument, words: string, samples: OwnSamples | null): Promise<void> {
    const key = keyOf(notebook, words);
    const file = vscode.Uri.joinPath(this.#folder(notebook), hash(words), 'samples.jsonl');
    if (!samples || samples.rows === 0) this.#kept.delete(key);
    else {
      await vscode.workspace.fs.writeFile(file, Buffer.from(samples.text));
      await vscode.workspace.fs.writeFile(vscode.Uri.joinPath(file, '../dataset.jsonl'), Buffer.from(samples.prompts));
      this.#kept.set(key, file);
    }
    this.#changed.fire(file.fsPath);
  }

  #folder(notebook: vscode.NotebookDocument): vscode.Uri {
    return vscode.Uri.joinPath(this.storage, 'cells', hash(notebook.uri.toString()));
  }

  async #forget(notebook: vscode.NotebookDocument): Promise<void> {
    const keys = [...this.#kept.keys()].filter((key) => key.startsWith(keyOf(notebook, '')));
    for (const key of keys) this.#kept.delete(key);
    if (keys.length > 0) await vscode.workspace.fs.delete(this.#folder(notebook), { recursive: true });
  }
}

function keyOf({ uri }: vscode.NotebookDocument, words: string): string {
  return `${uri.toString()}\n${words}`;
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}
