import { resolve } from 'node:path';
import type { DataForm } from '../../domain/dataset/dataset';
import { jsonParts, merged } from '../../domain/dataset/types';
import { dataForms, formOf } from '../../domain/frameworks/datasets';
import { Problem } from '../../domain/problem';
import { AsideFile } from './asideFile';
import { declaredColumns, type Columns, type Types } from './columns';
import { carryOut, type Done, type Job, type Stretch } from './convertJob';
import { ConvertPool } from './convertPool';
import { kindOf, readRecords } from './records';
import { stretches } from './stretches';

/** What is to be written as what. */
export interface Conversion {
  readonly input: string;
  readonly output: string;
  /** Recognised by the first record, if it is not given. */
  readonly from?: DataForm;
  readonly to: DataForm;
  /** Relative paths of media are taken from here and written whole. */
  readonly mediaFolder?: string;
  /** The column that is the solution, where the form has no place of its own for it. */
  readonly solution?: string;
}

/** How a conversion goes on beside what it does. */
export interface Pace {
  readonly signal?: AbortSignal;
  /** Told how many records have been read. */
  readonly progress?: (rows: number) => void;
  /** The bundle of `convertWorker.ts`: without it everything happens in this thread. */
  readonly threads?: string;
  /** Write beside the output's name while looking: carrying the plan out then gives it its name. */
  readonly ahead?: boolean;
}

/** What a conversion will do, known before anything stands under the output's name. */
export interface Plan {
  readonly conversion: Conversion;
  readonly from: DataForm;
  readonly rows: number;
  /** What the new form cannot hold, with the number of records that lose it. */
  readonly lost: readonly (readonly [what: string, records: number])[];
  /** Records that cannot be read: they would be left out. The first hundred. */
  readonly bad: readonly { readonly row: number; readonly line?: number; readonly text: string }[];
  readonly badRows: number;
  readonly solution?: string;
  readonly types: Types;
  /** What was written ahead; carried out, or let go of by `drop`. */
  readonly ahead?: AsideFile;
}

const MOST_BAD = 100;

/** Looks through the whole input. Errors: `missing`, `bad-input`, `unsupported`, `cancelled`. */
export async function plan(conversion: Conversion, pace: Pace = {}): Promise<Plan> {
  const output = kindOf(conversion.output);
  if (resolve(conversion.input) === resolve(conversion.output)) {
    throw new Problem({ code: 'bad-input', message: `${conversion.output} is the input itself; choose another name.` });
  }
  const known = await firstOf(conversion);
  const { to, mediaFolder } = conversion;
  const { from, solution, types } = known;
  const job = {
    from: from.id,
    to: to.id,
    output,
    ...(mediaFolder === undefined ? {} : { mediaFolder }),
    ...(solution === undefined ? {} : { solution }),
  };
  const survey = new Survey(types);
  let ahead = pace.ahead ? await AsideFile.open(conversion.output) : undefined;
  try {
    await eachStretch(
      conversion.input,
      pace,
      (stretch) => ({ ...job, stretch, types: survey.types, ...(ahead ? {} : { dry: true }) }),
      async (done) => {
        const fits = survey.add(done);
        if (fits && done.encoded) await ahead?.add(done.encoded);
        if (fits || !ahead) return;
        await ahead.abandon();
        ahead = undefined;
      },
    );
  } catch (error) {
    await ahead?.abandon();
    throw error;
  }
  return {
    conversion,
    from,
    ...survey.found(output === 'parquet'),
    ...(solution === undefined ? {} : { solution }),
    ...(ahead ? { ahead } : {}),
  };
}

/** Carries a plan out; gives the rows written. Nothing stands under the output's name unless all of it does. */
export async function convert(made: Plan, pace: Pace = {}): Promise<number> {
  const { conversion, from, types, solution } = made;
  const columns = declaredColumns(types);
  if (made.ahead) {
    await made.ahead.finish(columns);
    return made.rows;
  }
  const job = {
    from: from.id,
    to: conversion.to.id,
    output: kindOf(conversion.output),
    types,
    ...(conversion.mediaFolder === undefined ? {} : { mediaFolder: conversion.mediaFolder }),
    ...(solution === undefined ? {} : { solution }),
  };
  const file = await AsideFile.open(conversion.output);
  try {
    let rows = 0;
    await eachStretch(
      conversion.input,
      pace,
      (stretch) => ({ ...job, stretch }),
      async ({ encoded, good }) => {
        if (!encoded)
          throw new Problem({ code: 'bad-input', message: `${conversion.input} changed while it was read.` });
        rows += good;
        await file.add(encoded);
      },
    );
    await file.finish(columns);
    return rows;
  } catch (error) {
    await file.abandon();
    throw error;
  }
}

/** A plan that is not carried out leaves nothing. */
export async function drop({ ahead }: Plan): Promise<void> {
  await ahead?.abandon();
}

/** Jobs on all stretches, several at once; what comes of them in their order. Errors: `cancelled`, and those of the jobs. */
async function eachStretch(
  input: string,
  { signal, progress, threads }: Pace,
  jobOf: (stretch: Stretch) => Job,
  take: (done: Done) => Promise<void>,
): Promise<void> {
  const pool = new ConvertPool(threads);
  const under: Promise<Done>[] = [];
  let rows = 0;
  const next = async (): Promise<void> => {
    const done = await under.shift();
    if (!done) return;
    rows += done.rows;
    await take(done);
    progress?.(rows);
  };
  try {
    for await (const stretch of stretches(input)) {
      if (signal?.aborted) throw new Problem({ code: 'cancelled', message: 'Cancelled.' });
      const running = pool.run(jobOf(stretch));
      // Another's failure may end the work before this one is waited for.
      running.catch(() => undefined);
      under.push(running);
      if (under.length >= pool.width) await next();
    }
    while (under.length > 0) await next();
  } finally {
    pool.dispose();
  }
}

interface First {
  readonly from: DataForm;
  readonly solution?: string;
  readonly types: Types;
}

const TRUTHS = ['ground_truth', 'answer', 'label', 'target', 'solution'];
/** Records by whose types the rest is written ahead. */
const SAMPLED = 1000;
const NO_TYPES: Types = { columns: {}, media: {} };

/** What the first records tell: the form, the column of the solution, and the types to begin with. */
async function firstOf(conversion: Conversion): Promise<First> {
  let why: string | undefined;
  let [from, solution] = [conversion.from, conversion.solution];
  const records = [];
  for await (const numbered of readRecords(conversion.input)) {
    const { record } = numbered;
    from ??= record && formOf(record);
    const read = record && from?.read(record);
    if (typeof read !== 'object') {
      why ??= numbered.bad ?? read ?? NO_FORM;
      if (!from && numbered.row < SAMPLED) continue;
      if (!from) break;
    } else {
      if (records.length === 0 && read.solution === undefined)
        solution ??= TRUTHS.find((name) => read.columns[name] !== undefined);
      records.push(numbered);
    }
    if (records.length >= SAMPLED || numbered.row > 10 * SAMPLED) break;
  }
  if (!from) {
    const reason = why === undefined ? 'it has no records.' : `the first record is none: ${why}`;
    throw new Problem({ code: 'bad-input', message: `${conversion.input} is no data set: ${reason}` });
  }
  const job = {
    from: from.id,
    to: conversion.to.id,
    output: kindOf(conversion.output),
    types: NO_TYPES,
    dry: true,
  } as const;
  const told = await carryOut({
    ...job,
    ...(solution === undefined ? {} : { solution }),
    stretch: { kind: 'records', records },
  });
  return { from, ...(solution === undefined ? {} : { solution }), types: told.types ?? NO_TYPES };
}

const NO_FORM = `It has none of the known forms: ${dataForms.map(({ name }) => name).join(', ')}.`;

/** What all stretches together told. */
class Survey {
  readonly #lost = new Map<string, number>();
  readonly #bad: Plan['bad'][number][] = [];
  #rows = 0;
  #lines = 0;
  #good = 0;
  #badRows = 0;

  constructor(public types: Types) {}

  /** Whether what was written with the types so far can stand. */
  add(done: Done): boolean {
    for (const [what, count] of done.lost) this.#lost.set(what, (this.#lost.get(what) ?? 0) + count);
    for (const { row, line, bad = '' } of done.bad) {
      if (this.#bad.length >= MOST_BAD) break;
      this.#bad.push({ row: row + this.#rows, text: bad, ...(line === undefined ? {} : { line: line + this.#lines }) });
    }
    this.#rows += done.rows;
    this.#lines += done.lines;
    this.#good += done.good;
    this.#badRows += done.badRows;
    if (done.types) this.types = together(this.types, done.types);
    return !done.types;
  }

  found(asParquet: boolean): Pick<Plan, 'rows' | 'lost' | 'bad' | 'badRows' | 'types'> {
    const names = asParquet ? jsonParts(declaredColumns(this.types)) : [];
    const json = names.map((name) => [`the type of “${name}”, which becomes JSON text`, this.#good] as const);
    const lost = [...this.#lost, ...json];
    return { rows: this.#good, lost, bad: this.#bad, badRows: this.#badRows, types: this.types };
  }
}

function together(a: Types, b: Types): Types {
  return { columns: mergedColumns(a.columns, b.columns), media: mergedColumns(a.media, b.media) };
}

function mergedColumns(a: Columns, b: Columns): Columns {
  const all: Record<string, Columns[string]> = { ...a };
  for (const [key, type] of Object.entries(b)) {
    const known = all[key];
    all[key] = known ? merged(known, type) : type;
  }
  return all;
}
