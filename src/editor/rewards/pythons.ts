import { dirname } from 'node:path';
import * as vscode from 'vscode';
import { Disposables, type Disposable } from '../../base/disposable';
import { Emitter } from '../../base/event';
import { Problem } from '../../domain/problem';
import { Rewards } from '../../machine/rewards/rewards';
import { interpreter } from '../config/interpreter';
import type { Log } from '../log';
import { onSetting } from '../settings';

/** One Python per interpreter and folder, started when it is first needed, and never in an untrusted workspace. */
export class Pythons implements Disposable {
  readonly #owned = new Disposables();
  readonly #changed = this.#owned.add(new Emitter<void>());
  readonly #running = new Map<string, Rewards>();

  /** Told when another interpreter is in force. */
  readonly onChange = this.#changed.event;

  constructor(
    private readonly root: vscode.Uri,
    private readonly log: Log,
  ) {
    this.#owned.add(onSetting(['grpoLens.python.interpreter'], () => this.restart()));
  }

  /** Errors: `untrusted`. */
  async of(uri: vscode.Uri): Promise<Rewards> {
    if (!vscode.workspace.isTrusted) {
      const message = 'Rewards are not run here, since this workspace is not trusted.';
      throw new Problem({ code: 'untrusted', message, remedy: 'trust-workspace' });
    }
    const python = await interpreter(uri);
    const cwd = vscode.workspace.getWorkspaceFolder(uri)?.uri.fsPath ?? dirname(uri.fsPath);
    const key = `${python}\n${cwd}`;
    const running = this.#running.get(key) ?? this.#start(python, cwd);
    this.#running.set(key, running);
    return running;
  }

  /** Ends every Python; the next request starts it anew. */
  restart(): void {
    for (const rewards of this.#running.values()) rewards.dispose();
    this.#running.clear();
    this.#changed.fire();
  }

  dispose(): void {
    for (const rewards of this.#running.values()) rewards.dispose();
    this.#owned.dispose();
  }

  #start(python: string, cwd: string): Rewards {
    const rewards = new Rewards({ python, cwd, home: vscode.Uri.joinPath(this.root, 'python').fsPath });
    rewards.onPrinted(({ text, dropped }) =>
      this.log.info(`a reward printed: ${text}${dropped > 0 ? ` … and ${dropped} more characters` : ''}`),
    );
    return rewards;
  }
}
