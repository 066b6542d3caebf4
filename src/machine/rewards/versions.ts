import { readFile } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { execa, ExecaError } from 'execa';
import { Problem } from '../../domain/problem';
import { unread } from '../unread';

const MOST_BYTES = 1 << 26;

/** Another text of a reward file. */
export interface Version {
  /** For people: `HEAD~1`, or the other file. */
  readonly name: string;
  readonly source: string;
  /** Where its own imports are looked for. */
  readonly path: string;
}

/**
 * A file's text as another file or as a commit has it. Imports beside it are today's either way.
 * Errors: `missing` where it is neither a file nor a commit that holds `path`.
 */
export async function versionOf(path: string, other: string): Promise<Version> {
  const file = resolve(other);
  const text = await readFile(file, 'utf8').catch(() => undefined);
  return text === undefined ? committed(path, other) : { name: other, source: text, path: file };
}

async function committed(path: string, commit: string): Promise<Version> {
  if (commit.includes('\0')) throw missing(path, commit, 'a name holds no NUL');
  const asked = ['show', '--no-textconv', '--end-of-options', `${commit}:./${basename(path)}`];
  try {
    const { stdout } = await execa('git', ['-C', dirname(path), ...asked], {
      maxBuffer: MOST_BYTES,
      stripFinalNewline: false,
    });
    return { name: commit, source: stdout, path };
  } catch (error) {
    if (!(error instanceof ExecaError)) throw error;
    const why = error.code === 'ENOENT' ? 'git is not found' : String(error.stderr).trim().split('\n')[0];
    throw missing(path, commit, why ?? '');
  }
}

function missing(path: string, commit: string, why: string): Problem {
  const message = `"${commit}" is neither a file nor a commit that holds ${path}: ${why}`;
  return new Problem({ code: 'missing', message: message.replace(/\.?$/, '.') });
}

/** A reward file's text as it is saved. Errors: `missing`. */
export function sourceOf(path: string): Promise<string> {
  return readFile(path, 'utf8').catch((error: unknown) => unread(error, path));
}
