import { basename, dirname } from 'node:path';
import type * as vscode from 'vscode';
import { Disposables, type Disposable } from '../../base/disposable';
import { Emitter } from '../../base/event';
import type { Facts } from '../../domain/frameworks/facts';
import type { Recorded } from '../../domain/language/recorded';
import { answersIn, runFoldersOf, stampOf, type RunAnswers } from '../../machine/runs/runAnswers';
import type { Guard } from '../guard';

/** Where frameworks write, by the settings that say so. */
const OUTPUTS = ['output_dir', 'trainer.default_local_dir', 'trainer.save_checkpoint_path', 'trainer.rollout_data_dir'];

const AGAIN_MS = 10_000;

interface Known {
  readonly recorded: (Recorded & { readonly peak: number | undefined }) | undefined;
  readonly stamp: string;
}

/** What the runs of open configurations recorded: read in the background, told when it is known. */
export class RecordedRuns implements Disposable {
  readonly #owned = new Disposables();
  readonly #changed = this.#owned.add(new Emitter<void>());
  readonly #known = new Map<string, Known>();
  readonly #asked = new Map<string, number>();

  constructor(private readonly guard: Guard) {}

  readonly onChange = this.#changed.event;

  /** What the run of this configuration recorded, as far as it is known by now. */
  of(document: vscode.TextDocument, facts: Facts): Known['recorded'] {
    if (document.uri.scheme !== 'file') return undefined;
    const named = OUTPUTS.flatMap((path) => facts.text(path) ?? []);
    const key = JSON.stringify([dirname(document.uri.fsPath), named]);
    if (Date.now() - (this.#asked.get(key) ?? 0) > AGAIN_MS) {
      this.#asked.set(key, Date.now());
      void this.guard.quietly('reading the run of a configuration', () =>
        this.#read(key, document.uri.fsPath, named),
      )();
    }
    return this.#known.get(key)?.recorded;
  }

  async #read(key: string, document: string, named: readonly string[]): Promise<void> {
    const [folder] = await runFoldersOf(document, named);
    const stamp = folder === undefined ? '' : await stampOf(folder).catch(() => '');
    if (folder === undefined || stamp === '' || this.#known.get(key)?.stamp === stamp) return;
    const answers = await answersIn(folder);
    this.#known.set(key, { stamp, recorded: answers && recordedOf(answers) });
    this.#changed.fire();
  }

  dispose(): void {
    this.#owned.dispose();
  }
}

function recordedOf({ folder, answers, tokens, ratio, peak }: RunAnswers): NonNullable<Known['recorded']> {
  return { answers, tokens, ratio, peak, run: `${basename(dirname(folder))}/${basename(folder)}` };
}
