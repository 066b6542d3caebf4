import * as vscode from 'vscode';
import { Disposables, type Disposable } from '../../base/disposable';
import { Emitter } from '../../base/event';
import { languageOf } from '../../domain/dialects/all';
import { usesOf, type FoundUse } from '../../machine/rewards/rewardUses';

/** The configurations near each reward file that train with it, read again when one of them is saved. */
export class Uses implements Disposable {
  readonly #owned = new Disposables();
  readonly #changed = this.#owned.add(new Emitter<void>());
  readonly #found = new Map<string, Promise<readonly FoundUse[]>>();

  /** Told when a configuration was saved. */
  readonly onChange = this.#changed.event;

  constructor() {
    this.#owned.add(
      vscode.workspace.onDidSaveTextDocument(({ fileName }) => {
        if (this.#found.size === 0 || languageOf(fileName) === undefined || this.#found.has(fileName)) return;
        this.#found.clear();
        this.#changed.fire();
      }),
    );
  }

  /** Nearest first. */
  of(file: string): Promise<readonly FoundUse[]> {
    const known = this.#found.get(file);
    if (known) return known;
    const found = usesOf(file);
    this.#found.set(file, found);
    found.catch(() => this.#found.delete(file));
    return found;
  }

  dispose(): void {
    this.#owned.dispose();
  }
}
