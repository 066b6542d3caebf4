import { readFile, writeFile, rename } from 'node:fs/promises';
import { execa } from 'execa';
import { formOf } from '../../domain/frameworks/datasets';
import { Problem } from '../../domain/problem';
import type { RawRecord } from '../../domain/rollout';
import type { RecipePreview } from '../../wire/preparePanel';
import { itemOf } from '../data/paged';
import { bundle } from './bundle';

const SHOWN = 5;

interface Previewing {
  /** The recipe's text. */
  readonly recipe: string;
  readonly root: string;
  readonly python: string;
  /** The extension's own folder `python`. */
  readonly home: string;
  readonly sourceOf: (path: string) => string;
  readonly signal: AbortSignal;
}

/** What a recipe makes of the first entries on this machine. Errors: `cancelled`, `no-python`. */
export async function previewRecipe({
  recipe,
  root,
  python,
  home,
  sourceOf,
  signal,
}: Previewing): Promise<RecipePreview> {
  const script = await bundle(home, ['choring', 'dataset_forms', 'prepare_dataset']);
  const words = [
    '-c',
    script,
    '--recipe',
    recipe,
    '--preview',
    String(SHOWN),
    ...(root === '' ? [] : ['--data_root', root]),
  ];
  const done = await execa(python, words, { reject: false, cancelSignal: signal, timeout: 30_000 });
  if (signal.aborted) throw new Problem({ code: 'cancelled', message: 'A newer preview was asked for.' });
  if (done.exitCode === undefined) throw noPython(python, done.timedOut);
  if (done.exitCode !== 0) return { items: [], fields: [], left: [], problem: sentence(done.stderr) };
  const told = JSON.parse(done.stdout) as Told;
  const file = `${root}/recipe`;
  return {
    items: told.records.map((record, row) => itemOf(row, record, formOf(record), { file, sourceOf })),
    fields: told.fields,
    left: told.left.map(({ why, count, place }) => `${count} left out: ${why}, first in ${place}`),
    problem: null,
  };
}

interface Told {
  readonly records: readonly RawRecord[];
  readonly left: readonly { readonly why: string; readonly count: number; readonly place: string }[];
  readonly fields: readonly string[];
}

function noPython(python: string, late: boolean): Problem {
  if (late) return new Problem({ code: 'timeout', message: 'The first entries could not be read within 30 s.' });
  const message = `${python} could not be started: choose a Python 3.9 or newer.`;
  return new Problem({ code: 'no-python', message, remedy: 'choose-interpreter' });
}

function sentence(said: string): string {
  const last = said.trim().split('\n').at(-1) ?? '';
  return last.replace(/^prepare_dataset: /, '');
}

/** The recipe's text; undefined where there is no such file. */
export async function readRecipe(file: string): Promise<string | undefined> {
  return readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw new Problem({ code: 'missing', message: `${file} cannot be read: ${error.message}.` });
  });
}

/** Writes a recipe's file, whole or not at all. */
export async function writeRecipe(file: string, text: string): Promise<void> {
  await writeFile(`${file}.${process.pid}.part`, text);
  await rename(`${file}.${process.pid}.part`, file);
}
