import type { Disposable } from '../../base/disposable';
import { here } from './here';
import { Host } from './host';
import { hostProgram } from './program';
import type { Shell } from '../shell';
import { ssh, type SshOptions } from './ssh';
import { lensHome, readTargets, targetOf, type TargetSettings } from './target';

export interface TargetsOptions {
  /** Our folder `python`. */
  readonly python: string;
  /** Where targets and this machine's runs are kept. */
  readonly home?: string;
  /** The interpreter for `host.py` here. */
  readonly interpreter?: string;
  /** Of this machine, where it is not the one that we are. */
  readonly platform?: NodeJS.Platform;
  readonly sshPath?: string;
  readonly sshConfig?: string;
  /** The same two, asked for with each new connection. */
  readonly sshSettings?: () => { readonly path?: string; readonly config?: string };
}

/** A target with its connection. */
export interface Target {
  readonly name: string;
  readonly settings: TargetSettings;
  readonly host: Host;
}

/** Every target, one connection each, made when it is first asked for. */
export class Targets implements Disposable {
  readonly #hosts = new Map<string, { readonly key: string; readonly host: Host }>();

  constructor(private readonly options: TargetsOptions) {}

  get home(): string {
    return this.options.home ?? lensHome();
  }

  /** Our folder `python`. */
  get python(): string {
    return this.options.python;
  }

  async all(): Promise<Target[]> {
    const known = await readTargets(this.home);
    for (const name of this.#hosts.keys()) if (!Object.hasOwn(known, name)) this.#letGo(name);
    return Object.entries(known).map(([name, settings]) => this.#target(name, settings));
  }

  /** Throws a `Problem` that lists the names where there is none of this name. */
  async get(name: string): Promise<Target> {
    return this.#target(name, targetOf(name, await readTargets(this.home)));
  }

  #target(name: string, settings: TargetSettings): Target {
    const key = JSON.stringify(settings);
    const known = this.#hosts.get(name);
    if (known?.key === key) return { name, settings, host: known.host };
    this.#letGo(name);
    const host = new Host(this.#shell(settings));
    this.#hosts.set(name, { key, host });
    return { name, settings, host };
  }

  #letGo(name: string): void {
    this.#hosts.get(name)?.host.dispose();
    this.#hosts.delete(name);
  }

  #shell(settings: TargetSettings): Shell {
    const { python, interpreter, platform } = this.options;
    const program = hostProgram(python);
    const { ssh: host } = settings;
    if (host !== undefined) return { name: host, open: () => ssh(program, this.#sshOptions(host, settings)).open() };
    const env = { ...process.env, GRPO_LENS_HOME: settings.home ?? this.home };
    const named = settings.python ?? interpreter;
    return here(program, { env, ...(named === undefined ? {} : { python: named }), ...(platform ? { platform } : {}) });
  }

  /** As the user's settings are now: a connection that is made anew follows them. */
  #sshOptions(host: string, { python, home }: TargetSettings): SshOptions {
    const { sshSettings, sshPath, sshConfig } = this.options;
    const { path = sshPath, config = sshConfig } = sshSettings?.() ?? {};
    return {
      host,
      ...(path === undefined ? {} : { path }),
      ...(config === undefined ? {} : { config }),
      ...(python === undefined ? {} : { python }),
      ...(home === undefined ? {} : { home }),
    };
  }

  dispose(): void {
    for (const { host } of this.#hosts.values()) host.dispose();
    this.#hosts.clear();
  }
}
