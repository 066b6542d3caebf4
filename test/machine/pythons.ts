import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { RunnerOptions } from '../../src/machine/rewards/runner';
import { thorough } from '../support/thorough';

/**
 * The oldest and the newest Python of those that are installed side by side here, else the one on the PATH. Where people
 * wait only the oldest, of which the layer `python` has most to say; the newest is that of the tests of the editor.
 */
export function pythons(): string[] {
  const folder = join(homedir(), '.pyenv', 'versions');
  if (!existsSync(folder)) return ['python3'];
  const minor = (name: string): number => Number(name.split('.')[1]);
  const names = readdirSync(folder)
    .filter((name) => /^3\.\d+\.\d+$/.test(name) && minor(name) >= 9)
    .sort((a, b) => minor(a) - minor(b));
  const ends = [...new Set(thorough ? [names[0], names.at(-1)] : [names[0]])].flatMap((name) => name ?? []);
  return ends.length === 0 ? ['python3'] : ends.map((name) => join(folder, name, 'bin', 'python3'));
}

export function runnerOptions(python: string): RunnerOptions {
  return { python, home: join(process.cwd(), 'python') };
}

/** Ids of the processes whose command line holds `words`. */
export function running(words: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((id) => commandOf(id).includes(words))
    .map(Number);
}

/** Words of a process, each with a NUL behind it; nothing where it is gone. */
export function commandOf(id: string): string {
  try {
    return readFileSync(`/proc/${id}/cmdline`, 'utf8');
  } catch (error) {
    if (['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '')) return '';
    throw error;
  }
}
