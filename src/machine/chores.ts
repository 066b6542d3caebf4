import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { wrongField, type Chore, type ChoreValues } from '../domain/chore';
import type { Wish } from '../domain/launch';
import { Problem } from '../domain/problem';

export interface ChorePlace {
  readonly target: string;
  readonly cwd: string;
  readonly python: string;
  /** The extension's own folder `python`. */
  readonly home: string;
}

/** The launch that carries a chore out. A script of ours travels in the command, so that a host needs nothing of ours. */
export async function choreWish(chore: Chore, values: ChoreValues, place: ChorePlace): Promise<Wish> {
  const wrong = wrongField(chore, values);
  if (wrong !== undefined) throw new Problem({ code: 'bad-input', message: wrong });
  const script = chore.script === undefined ? [] : ['-c', await scriptText(place.home, chore.script)];
  return {
    name: chore.id,
    framework: chore.framework,
    command: [place.python, ...script, ...chore.words(values)],
    cwd: place.cwd,
    target: place.target,
  };
}

/** What will run, with our own script as its name: a preview that can be read. */
export function choreText(chore: Chore, { command, cwd, target }: Wish): string {
  const words = command.map((word, at) => (command[at - 1] === '-c' ? (chore.script ?? '') : word));
  return `${words.filter((word) => word !== '-c').join(' ')}\n\nin ${cwd} on ${target}`;
}

function scriptText(home: string, name: string): Promise<string> {
  return readFile(join(home, 'grpo_lens', name), 'utf8');
}
