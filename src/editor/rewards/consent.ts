import type * as vscode from 'vscode';
import { Disposables, type Disposable } from '../../base/disposable';
import { Emitter } from '../../base/event';
import type { ConsentChoice } from '../../contributions';
import type { FoundRewards } from '../../wire/runner';
import type { Guard } from '../guard';
import { openDocument } from './selection';

const ALLOWED = 'grpoLens.mayReach';

type Reach = FoundRewards['reaches'][number];

/** Rewards that can reach beyond their process are not run on each keystroke without having been asked once, for each file. */
export class Consent implements Disposable {
  readonly #owned = new Disposables();
  readonly #changed = this.#owned.add(new Emitter<void>());
  readonly #once = new Set<string>();

  readonly onChange = this.#changed.event;

  constructor(
    private readonly memory: vscode.Memento,
    guard: Guard,
  ) {
    this.#owned.add(guard.command('grpoLens.mayRun', (file, how) => this.#allow(openDocument(file).fileName, how)));
  }

  /** Whether a run may begin now; a permission for one run is used up by it. */
  allows(file: string, reaches: readonly Reach[]): boolean {
    const known = this.#allowed()[file] ?? [];
    return reaches.every((one) => known.includes(one)) || this.#once.delete(file);
  }

  dispose(): void {
    this.#owned.dispose();
  }

  async #allow(file: string, how: ConsentChoice = 'once'): Promise<void> {
    if (how === 'once') this.#once.add(file);
    else await this.memory.update(ALLOWED, { ...this.#allowed(), [file]: ['network', 'processes'] });
    this.#changed.fire();
  }

  #allowed(): Readonly<Record<string, readonly Reach[]>> {
    return this.memory.get(ALLOWED, {});
  }
}

/** `the network and other processes`. */
export function reachText(reaches: readonly Reach[]): string {
  const words = { network: 'the network', processes: 'other processes' } as const;
  return reaches.map((one) => words[one]).join(' and ');
}
