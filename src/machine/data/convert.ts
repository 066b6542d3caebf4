import { resolve } from 'node:path';
import { MEDIA, type DataForm, type DataRecord, type MediaKey } from '../../domain/dataset';
import { declared, jsonParts, widened, type ColumnType } from '../../domain/dataset/types';
import { dataForms, formOf } from '../../domain/frameworks/datasets';
import { Problem } from '../../domain/problem';
import type { RawRecord } from '../../domain/rollout';
import { kindOf, readRecords } from './records';
import { recordWriter } from './recordWriter';

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

/** What a conversion will do, known before anything is written. */
export interface Plan {
  readonly conversion: Conversion;
  readonly from: DataForm;
  readonly rows: number;
  /** What the new form cannot hold, with the number of records that lose it. */
  readonly lost: readonly (readonly [what: string, records: number])[];
  /** Records that cannot be read: they would be left out. The first hundred. */
  readonly bad: readonly { readonly row: number; readonly line?: number; readonly text: string }[];
  readonly badRows: number;
  readonly columns: Readonly<Record<string, ColumnType>>;
  readonly solution?: string;
}

export type Progress = (rows: number) => void;

const TRUTHS = ['ground_truth', 'answer', 'label', 'target', 'solution'];
const MOST_BAD = 100;

/** Looks through the whole input. Errors: `missing`, `bad-input`, `unsupported`, `cancelled`. */
export async function plan(conversion: Conversion, signal?: AbortSignal, progress?: Progress): Promise<Plan> {
  kindOf(conversion.output);
  if (resolve(conversion.input) === resolve(conversion.output)) {
    throw new Problem({ code: 'bad-input', message: `${conversion.output} is the input itself; choose another name.` });
  }
  const survey = new Survey(conversion);
  for await (const { row, line, record, bad } of readRecords(conversion.input)) {
    if (signal?.aborted) throw new Problem({ code: 'cancelled', message: 'Cancelled.' });
    const why = record ? survey.add(record) : bad;
    if (why !== undefined) survey.refuse({ row, text: why, ...(line === undefined ? {} : { line }) });
    if (row % 1000 === 0) progress?.(row);
  }
  return survey.plan();
}

/** Carries a plan out; gives the rows written. Nothing stands under the output's name unless all of it does. */
export async function convert(made: Plan, signal?: AbortSignal, progress?: Progress): Promise<number> {
  const { conversion, from } = made;
  const writer = await recordWriter(conversion.output, made.columns);
  let rows = 0;
  try {
    for await (const { record } of readRecords(conversion.input)) {
      if (signal?.aborted) throw new Problem({ code: 'cancelled', message: 'Cancelled.' });
      const read = record && prepared(from.read(record), made);
      if (read === undefined || typeof read === 'string') continue;
      await writer.add(conversion.to.write(conversion.to.hold(read).record));
      rows += 1;
      if (rows % 1000 === 0) progress?.(rows);
    }
    await writer.finish();
    return rows;
  } catch (error) {
    await writer.abandon();
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
    const message = `The disk is full: ${conversion.output} was not written.`;
    throw new Problem({ code: 'refused', message });
  }
}

class Survey {
  readonly #lost = new Map<string, number>();
  readonly #bad: Plan['bad'][number][] = [];
  #from: DataForm | undefined;
  #solution: string | undefined;
  #columns: Record<string, ColumnType> = {};
  /** Types of media if each were a record: some files name paths and bytes in one column. */
  #media: Record<string, ColumnType> = {};
  #rows = 0;
  #badRows = 0;

  constructor(private readonly conversion: Conversion) {
    this.#from = conversion.from;
    this.#solution = conversion.solution;
  }

  /** A sentence, where the record cannot be read. */
  add(record: RawRecord): string | undefined {
    const form = (this.#from ??= formOf(record));
    if (!form) return `It has none of the known forms: ${dataForms.map(({ name }) => name).join(', ')}.`;
    const first = form.read(record);
    if (typeof first === 'string') return first;
    if (this.#rows === 0 && first.solution === undefined) {
      this.#solution ??= TRUTHS.find((name) => first.columns[name] !== undefined);
    }
    const { to } = this.conversion;
    const held = to.hold(prepared(first, this.#options()) as DataRecord);
    for (const what of held.lost) this.#lost.set(what, (this.#lost.get(what) ?? 0) + 1);
    this.#rows += 1;
    if (kindOf(this.conversion.output) === 'parquet') this.#learn(to.write(held.record));
    return undefined;
  }

  refuse(bad: Plan['bad'][number]): void {
    this.#badRows += 1;
    if (this.#bad.length < MOST_BAD) this.#bad.push(bad);
  }

  plan(): Plan {
    if (!this.#from) {
      const [first] = this.#bad;
      const why = first ? `the first record is none: ${first.text}` : 'it has no records.';
      throw new Problem({ code: 'bad-input', message: `${this.conversion.input} is no data set: ${why}` });
    }
    const columns = Object.fromEntries(
      Object.entries(this.#columns).map(([key, type]) => [
        key,
        declared(isMixed(type) ? (this.#media[key] ?? type) : type),
      ]),
    );
    const json = jsonParts(columns).map(
      (name) => [`the type of “${name}”, which becomes JSON text`, this.#rows] as const,
    );
    return {
      ...this.#options(),
      from: this.#from,
      rows: this.#rows,
      lost: [...this.#lost, ...json],
      bad: this.#bad,
      badRows: this.#badRows,
      columns,
    };
  }

  #options(): Pick<Plan, 'conversion' | 'solution'> {
    return { conversion: this.conversion, ...(this.#solution === undefined ? {} : { solution: this.#solution }) };
  }

  #learn(record: RawRecord): void {
    for (const key in record) {
      const value = record[key];
      this.#columns[key] = widened(this.#columns[key] ?? NOTHING, value);
      if (!MEDIA.includes(key as MediaKey) || !Array.isArray(value)) continue;
      this.#media[key] = widened(this.#media[key] ?? NOTHING, value.map(asPath));
    }
  }
}

const NOTHING: ColumnType = { kind: 'nothing' };

function asPath(item: unknown): unknown {
  return typeof item === 'string' ? { path: item } : item;
}

function isMixed(type: ColumnType): boolean {
  return type.kind === 'json' || (type.kind === 'list' && type.of.kind === 'json');
}

/** With the solution from its column, and paths made whole. */
function prepared(
  read: DataRecord | string,
  { conversion, solution }: Pick<Plan, 'conversion' | 'solution'>,
): DataRecord | string {
  if (typeof read === 'string') return read;
  return withPaths(withSolution(read, solution), conversion.mediaFolder);
}

function withSolution(record: DataRecord, name: string | undefined): DataRecord {
  if (name === undefined || record.solution !== undefined || record.columns[name] === undefined) return record;
  const { [name]: solution, ...columns } = record.columns;
  return { ...record, solution, columns };
}

function withPaths(record: DataRecord, folder: string | undefined): DataRecord {
  if (folder === undefined) return record;
  const media = MEDIA.map((key) => [
    key,
    record[key].map((one) => (isLocal(one.path) && !one.bytes ? { ...one, path: resolve(folder, one.path) } : one)),
  ]);
  return { ...record, ...(Object.fromEntries(media) as Partial<DataRecord>) };
}

function isLocal(path: string | undefined): path is string {
  return path !== undefined && !/^[a-z]+:/i.test(path);
}
