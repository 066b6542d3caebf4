import type { FrameworkId } from '../frameworks/framework';
import type { Resources } from './resources';

/** Version of the form of `launch.json`; a reader refuses to change a newer one. */
export const LAUNCH_FORM = 1;

/** An input file as it was at the start; the copy is beside it in the run's folder, secrets taken out. */
export interface Copied {
  readonly path: string;
  readonly bytes: number;
}

/** The wish: what shall be run, where, and with what. Complete enough to be carried out again. */
export interface Launch {
  readonly form: typeof LAUNCH_FORM;
  readonly name: string;
  readonly framework: FrameworkId;
  /** The program and its arguments, secrets taken out; never joined into one string before it is quoted. */
  readonly command: readonly string[];
  readonly cwd: string;
  /** Values that are no secrets. */
  readonly env: Readonly<Record<string, string>>;
  /** Shell lines of the target's that come first, such as the activation of an environment. */
  readonly setup?: string;
  /** Names of the variables whose values are secret and were passed, not written. */
  readonly secrets: readonly string[];
  readonly target: string;
  readonly inputs: readonly Copied[];
  /** Where the framework writes its own outputs, absolute. */
  readonly outputs?: string;
  readonly git?: { readonly commit: string; readonly dirty: boolean };
  readonly versions?: Readonly<Record<string, string>>;
  /** The configuration as composed, by path, secrets taken out; null stands for what only running would tell. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** What the scheduler was asked for. */
  readonly resources?: Resources;
  /** Completions and their rewards are recorded, in the folder `record` of the run's own. */
  readonly record?: true;
  /** Unix seconds. */
  readonly createdAt: number;
}

/** A path of another machine, where relative ones begin in `folder`. */
export function pathIn(folder: string, path: string): string {
  return /^[~/]/.test(path) ? path : `${folder.replace(/\/$/, '')}/${path.replace(/^(?:\.\/)+/, '')}`;
}

/** In a word of a command: the folder in which the copies of the inputs lie, wherever the run's folder will be. */
export const INPUTS = '{inputs}';

/** A text that is kept beside the launch as it was: the configuration, the reward's source. */
export interface Input {
  readonly path: string;
  readonly text: string;
}

/** What someone wants started, secrets and all; `machine` makes a `Launch` of it, without them. */
export interface Wish {
  readonly name: string;
  readonly framework: FrameworkId;
  /** Leading `NAME=value` words are taken as variables. */
  readonly command: readonly string[];
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly target: string;
  readonly inputs?: readonly Input[];
  readonly outputs?: string;
  /** Beside what the target asks its scheduler for. */
  readonly resources?: Resources;
  /** Record completions and their rewards, whatever the trainer itself keeps. */
  readonly record?: boolean;
}
