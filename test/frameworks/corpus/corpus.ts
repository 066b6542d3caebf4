import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadGrammars } from '../../../src/machine/config/grammars';
import type { Grammars } from '../../../src/domain/dialects/dialect';

/** A framework's own GRPO scripts, configurations and pages: addresses and the beginnings of their SHA-256. */
export interface Corpus {
  readonly framework: string;
  readonly repository: string;
  readonly commit: string;
  readonly version: string;
  readonly files: Readonly<Record<string, string>>;
}

const stored = <T>(name: string): T => JSON.parse(readFileSync(new URL(name, import.meta.url), 'utf8')) as T;

export const corpora = stored<readonly Corpus[]>('own.json');

/** An error that stays, and why it is right. */
export interface Remaining {
  readonly framework: string;
  readonly path: string;
  readonly sha256: string;
  readonly line: number;
  readonly rule: string;
  readonly verdict: string;
}

export const remaining = stored<readonly Remaining[]>('remaining.json');

/** A public script by others: where it stands, what it was judged by, and what we say of it, each checked by hand. */
export interface Public {
  readonly repository: string;
  readonly commit: string;
  readonly path: string;
  readonly sha256: string;
  /** Rules were mended with the ones that were seen; the fresh ones were read once, afterwards. */
  readonly part: 'seen' | 'fresh';
  /** A release, or the copy of the framework that the repository itself holds. */
  readonly version: string;
  /** False where it starts a program of its own that nothing was known of. */
  readonly read?: boolean;
  readonly findings: readonly { readonly line: number; readonly rule: string; readonly verdict: string }[];
}

export const others = stored<readonly Public[]>('public.json');

/** A check-out of a framework's repository at the commit, where the environment names one: `GRPO_LENS_VERL=FOLDER`. */
export function checkout({ framework, repository, commit, files }: Corpus): string | undefined {
  const variable = `GRPO_LENS_${framework.toUpperCase()}`;
  const folder = process.env[variable];
  if (folder !== undefined) return folder;
  const count = Object.keys(files).length;
  console.warn(
    `${framework}: its ${count} files are not read now: ${variable} names no check-out of ${repository} at ${commit}.`,
  );
  return undefined;
}

/** The file's text; throws where it is not the one that was judged. */
export function textAt(folder: string, path: string, sha256: string | undefined): string {
  const text = readFileSync(join(folder, path));
  const hash = createHash('sha256').update(text).digest('hex').slice(0, 16);
  if (hash !== sha256) throw new Error(`${path} is another text than the one that was judged: ${hash}, not ${sha256}.`);
  return text.toString();
}

/** The grammars, with time to spare on a busy machine. */
export function grammars(): Promise<Grammars> {
  const folder = new URL('../../../node_modules/@vscode/tree-sitter-wasm/wasm', import.meta.url);
  return loadGrammars(fileURLToPath(folder), 20_000);
}
