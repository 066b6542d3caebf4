import type { FrameworkId } from './frameworks/framework';

/** Version of the form of `launch.json`; a reader refuses to change a newer one. */
export const LAUNCH_FORM = 1;

/** An input file as it was at the start; the copy is beside it in the run's folder, secrets taken out. */
export interface Copied {
  readonly path: string;
  readonly sha256: string;
  readonly bytes: number;
}

/** The wish: what shall be run, where, and with what. Complete enough to be carried out again. */
export interface Launch {
  readonly form: typeof LAUNCH_FORM;
  readonly name: string;
  readonly framework: FrameworkId;
  /** The program and its arguments; never joined into one string before it is quoted. */
  readonly command: readonly string[];
  readonly cwd: string;
  /** Values that are no secrets. */
  readonly env: Readonly<Record<string, string>>;
  /** Names of the variables whose values are secret and were passed, not written. */
  readonly secrets: readonly string[];
  readonly target: string;
  readonly inputs: readonly Copied[];
  /** Where the framework writes its own outputs, absolute. */
  readonly outputs?: string;
  readonly git?: { readonly commit: string; readonly dirty: boolean };
  readonly versions?: Readonly<Record<string, string>>;
  /** Unix seconds. */
  readonly createdAt: number;
}
