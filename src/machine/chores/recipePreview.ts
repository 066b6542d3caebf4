import { execa } from 'execa';
import * as v from 'valibot';
import { RECIPE_MODULES } from '../../domain/frameworks/chores/running';
import { formOf } from '../../domain/frameworks/datasets';
import { Problem } from '../../domain/problem';
import type { RawRecord } from '../../domain/rollouts/rollout';
import type { RecipePreview } from '../../wire/preparePanel';
import { itemOf } from '../data/paged';
import { pictureSource, toldPictures } from '../data/pictures';
import type { RunsProgram } from '../config/installed';
import { parseLine } from '../rollouts/json';
import { bundle } from './bundle';

const SHOWN = 5;
const SECONDS = 30;

interface Previewing {
  /** The recipe's text. */
  readonly recipe: string;
  /** Folder of the annotations; the recipe's own where it is empty. */
  readonly root: string;
  /** The extension's own folder `python`. */
  readonly home: string;
  /** The interpreter of the machine that holds the data. */
  readonly runs: RunsProgram;
  /** Bytes of a picture that comes as it is. */
  readonly most: number;
}

const answer = v.union([
  v.object({ problem: v.string() }),
  v.object({
    records: v.array(v.record(v.string(), v.unknown())),
    left: v.array(v.object({ why: v.string(), count: v.number(), place: v.string() })),
    fields: v.array(v.string()),
    pictures: toldPictures,
  }),
]);

/** What a recipe makes of the first entries, with their pictures. Errors: `no-python`, those of the machine asked. */
export async function previewRecipe({ recipe, root, home, runs, most }: Previewing): Promise<RecipePreview> {
  const program = await bundle(home, [...RECIPE_MODULES, 'preview_dataset']);
  const text = await runs(program, JSON.stringify({ recipe, root, count: SHOWN, most }));
  const told = v.safeParse(answer, parseLine(text.trim().split('\n').at(-1) ?? ''));
  if (!told.success) throw unreadable(text);
  if ('problem' in told.output) return { items: [], fields: [], left: [], problem: told.output.problem };
  const { records, fields, left, pictures } = told.output;
  return {
    items: records.map((record, row) =>
      itemOf(row, record as RawRecord, formOf(record), (path) => pictureSource(pictures[path])),
    ),
    fields,
    left: left.map(({ why, count, place }) => `${count} left out: ${why}, first in ${place}`),
    problem: null,
  };
}

/** An interpreter of this machine, until the signal ends it. */
export function previewsHere(python: string, signal: AbortSignal): RunsProgram {
  return async (program, argument) => {
    const options = { reject: false, cancelSignal: signal, timeout: SECONDS * 1000, input: program } as const;
    const done = await execa(python, ['-', argument], options);
    if (signal.aborted) throw new Problem({ code: 'cancelled', message: 'A newer preview was asked for.' });
    if (done.timedOut) throw late();
    if (done.exitCode === undefined && !done.isTerminated) throw noPython(python);
    if (done.exitCode !== 0) throw unreadable(done.stderr);
    return done.stdout;
  };
}

function late(): Problem {
  return new Problem({ code: 'timeout', message: `The first entries could not be read within ${SECONDS} s.` });
}

function noPython(python: string): Problem {
  const message = `${python} could not be started: choose a Python 3.9 or newer.`;
  return new Problem({ code: 'no-python', message, remedy: 'choose-interpreter' });
}

function unreadable(detail: string): Problem {
  const last = detail.trim().split('\n').at(-1)?.slice(0, 300) ?? '';
  const message = `The preview gave no answer that is understood: ${last === '' ? 'it said nothing' : last}`;
  return new Problem({ code: 'refused', message, detail });
}
