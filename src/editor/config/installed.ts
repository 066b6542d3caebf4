import * as vscode from 'vscode';
import { Disposables, type Disposable } from '../../base/disposable';
import { Emitter } from '../../base/event';
import type { Framework } from '../../domain/frameworks/framework';
import type { Catalogue } from '../../domain/config/parameter';
import {
  cataloguesOf,
  interpreterHere,
  interpreterOf,
  readInstalled,
  type Installed,
} from '../../machine/config/installed';
import type { Targets } from '../../machine/hosts/targets';
import type { Guard } from '../guard';
import { interpreter } from './interpreter';
import { onSetting, setting } from '../settings';

/** Where trainings run, whose packages judge configurations. */
export interface Place {
  /** `here`, a target's name, or empty for what we ship. */
  readonly target: string;
  /** The interpreter, where it has answered. */
  readonly python?: string;
  /** Why nothing is known of it. */
  readonly trouble?: string;
}

interface Known {
  readonly catalogues: ReadonlyMap<string, Catalogue>;
  readonly place: Place;
}

/** After this long, coming back to the window has packages read again: they may have been upgraded meanwhile. */
const STALE_MS = 30_000;

/** What is installed where trainings run, read once and again when it may have changed; never in an untrusted workspace. */
export class Installations implements Disposable {
  readonly #owned = new Disposables();
  readonly #changed = this.#owned.add(new Emitter<void>());
  readonly #known = new Map<string, Known>();
  readonly #asked = new Map<string, number>();

  constructor(
    private readonly targets: Targets,
    private readonly home: string,
    private readonly guard: Guard,
  ) {
    this.#owned.add(onSetting(['grpoLens.config.installedOn', 'grpoLens.python.interpreter'], () => this.#again(0)));
    this.#owned.add(vscode.window.onDidChangeWindowState(({ focused }) => focused && this.#again(STALE_MS)));
    this.#owned.add(vscode.workspace.onDidGrantWorkspaceTrust(() => this.#again(0)));
  }

  /** Something else is installed than was known. */
  readonly onChange = this.#changed.event;

  /** The parameters of what is installed, as far as they are known by now; asking starts the reading. */
  catalogue({ id }: Framework, scope: vscode.Uri): Catalogue | undefined {
    return this.#look(scope)?.catalogues.get(id);
  }

  /** Where the parameters come from. */
  place(scope: vscode.Uri): Place {
    return this.#look(scope)?.place ?? { target: setting('grpoLens.config.installedOn', scope) };
  }

  refresh(): void {
    this.#again(0);
  }

  dispose(): void {
    this.#owned.dispose();
  }

  #look(scope: vscode.Uri): Known | undefined {
    const target = setting('grpoLens.config.installedOn', scope).trim();
    if (target === '' || !vscode.workspace.isTrusted) return undefined;
    const key = JSON.stringify([target, setting('grpoLens.python.interpreter', scope), folderOf(scope)]);
    if (!this.#asked.has(key)) {
      this.#asked.set(key, Date.now());
      void this.guard.quietly('reading the installed packages', () => this.#read(key, target, scope))();
    }
    return this.#known.get(key);
  }

  #again(older: number): void {
    for (const [key, at] of this.#asked) if (Date.now() - at >= older) this.#asked.delete(key);
    this.#changed.fire();
  }

  async #read(key: string, target: string, scope: vscode.Uri): Promise<void> {
    try {
      const installed = await this.#installed(target, scope);
      this.#take(key, { place: { target, python: installed.python }, catalogues: cataloguesOf(installed) });
    } catch (error) {
      const trouble = error instanceof Error ? error.message : String(error);
      this.#take(key, { place: { target, trouble }, catalogues: new Map() });
      throw error;
    }
  }

  #take(key: string, known: Known): void {
    const before = this.#known.get(key);
    const same = before && JSON.stringify([...before.catalogues]) === JSON.stringify([...known.catalogues]);
    this.#known.set(key, same ? { ...known, catalogues: before.catalogues } : known);
    if (!same) this.#changed.fire();
  }

  async #installed(target: string, scope: vscode.Uri): Promise<Installed> {
    if (target !== 'here') return readInstalled(this.home, interpreterOf(await this.targets.get(target)));
    const folder = folderOf(scope);
    const runs = interpreterHere(await interpreter(scope));
    return readInstalled(this.home, runs, folder === undefined ? [] : [folder]);
  }
}

function folderOf(scope: vscode.Uri): string | undefined {
  return vscode.workspace.getWorkspaceFolder(scope)?.uri.fsPath;
}
