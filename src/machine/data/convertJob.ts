import { MEDIA, type DataForm, type MediaKey } from '../../domain/dataset/dataset';
import { widened, type ColumnType } from '../../domain/dataset/types';
import { dataForms } from '../../domain/frameworks/datasets';
import type { FrameworkId } from '../../domain/frameworks/framework';
import { Problem } from '../../domain/problem';
import type { RawRecord } from '../../domain/rollouts/rollout';
import { mediumRecord, type Types } from './columns';
import { encoded, type Encoded } from './encoded';
import { numberedLines, type FileKind, type Numbered } from './records';
import { onTape } from './onTape';
import { parquetRows } from './parquetRecords';
import { prepared, type Preparing } from './prepared';

/** A stretch of a data set: whole lines of JSON, rows of a parquet file, or records that were read already. */
export type Stretch =
  | { readonly kind: 'lines'; readonly bytes: Uint8Array }
  | { readonly kind: 'rows'; readonly file: string; readonly from: number; readonly to: number }
  | { readonly kind: 'records'; readonly records: readonly Numbered[] };

/** What is to be made of a stretch. */
export interface Job extends Preparing {
  readonly stretch: Stretch;
  readonly from: FrameworkId;
  readonly to: FrameworkId;
  readonly output: FileKind;
  /** Types as they are known so far: with them it is written, unless its records show others. */
  readonly types: Types;
  /** Only look. */
  readonly dry?: true;
}

/** What came of a stretch; rows and lines of bad records count from its own beginning. */
export interface Done {
  readonly rows: number;
  readonly lines: number;
  readonly good: number;
  readonly lost: readonly (readonly [what: string, records: number])[];
  readonly bad: readonly Pick<Numbered, 'row' | 'line' | 'bad'>[];
  readonly badRows: number;
  /** Undefined where the types given hold them all. */
  readonly types?: Types;
  /** Undefined where they could not be written with the types given. */
  readonly encoded?: Encoded;
}

const MOST_BAD = 100;

/** Reads a stretch, brings its records into the new form, and writes them. Errors: `bad-input`, `missing`. */
export async function carryOut(job: Job): Promise<Done> {
  return (await onTape(job)) ?? recordByRecord(job);
}

/** The same with an object for every record; tells the types where they are others. */
export async function recordByRecord(job: Job): Promise<Done> {
  const [from, to] = [formOf(job.from), formOf(job.to)];
  const lost = new Map<string, number>();
  const bad: Done['bad'][number][] = [];
  const learning = new Learning(job.types);
  const written: RawRecord[] = [];
  let [rows, lines, badRows] = [0, 0, 0];
  for await (const { row, line = 0, record, bad: why } of numberedIn(job.stretch)) {
    [rows, lines] = [row + 1, line];
    const read = record ? from.read(record) : (why ?? '');
    if (typeof read === 'string') {
      badRows += 1;
      if (bad.length < MOST_BAD) bad.push({ row, bad: read, ...(line > 0 ? { line } : {}) });
      continue;
    }
    const held = to.hold(prepared(read, job));
    for (const what of held.lost) lost.set(what, (lost.get(what) ?? 0) + 1);
    const out = to.write(held.record);
    written.push(out);
    if (job.output === 'parquet') learning.add(out);
  }
  const types = learning.changed;
  return {
    rows,
    lines: job.stretch.kind === 'lines' ? linesIn(job.stretch.bytes) : lines,
    good: written.length,
    lost: [...lost],
    bad,
    badRows,
    ...(types ? { types } : {}),
    ...(job.dry || types ? {} : { encoded: encoded(written, job.output, job.types) }),
  };
}

async function* numberedIn(stretch: Stretch): AsyncGenerator<Numbered> {
  if (stretch.kind === 'records') return yield* stretch.records;
  if (stretch.kind === 'lines') return yield* numberedLines(stretch.bytes);
  let row = 0;
  for (const record of await parquetRows(stretch.file, stretch.from, stretch.to)) yield { row: row++, record };
}

function linesIn(bytes: Uint8Array): number {
  let count = 0;
  for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) count += 1;
  return count;
}

export function formOf(id: FrameworkId): DataForm {
  const form = dataForms.find((one) => one.id === id);
  if (form) return form;
  throw new Problem({ code: 'unsupported', message: `There is no form ${id}.` });
}

/** The types of columns as records come; the same objects as long as nothing new is seen. */
class Learning {
  readonly #columns: Record<string, ColumnType>;
  readonly #media: Record<string, ColumnType>;
  #changed = false;

  constructor(types: Types) {
    this.#columns = { ...types.columns };
    this.#media = { ...types.media };
  }

  get changed(): Types | undefined {
    return this.#changed ? { columns: this.#columns, media: this.#media } : undefined;
  }

  add(record: RawRecord): void {
    for (const key in record) {
      const value = record[key];
      this.#widen(this.#columns, key, value);
      if (MEDIA.includes(key as MediaKey) && Array.isArray(value))
        this.#widen(this.#media, key, value.map(mediumRecord));
    }
  }

  #widen(types: Record<string, ColumnType>, key: string, value: unknown): void {
    const known = types[key];
    const now = widened(known ?? NOTHING, value);
    if (now === known) return;
    types[key] = now;
    this.#changed = true;
  }
}

const NOTHING: ColumnType = { kind: 'nothing' };
