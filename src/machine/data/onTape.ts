import { isUtf8 } from 'node:buffer';
import { resolve } from 'node:path';
import { MEDIA } from '../../domain/dataset';
import type { Recasting } from '../../domain/dataset/recast';
import type { RawRecord } from '../../domain/rollout';
import { jsonOf } from './bytes';
import { declaredColumns, heldColumns, mixedMedia } from './columns';
import { formOf, type Done, type Job } from './convertJob';
import { separators, type Encoded } from './encoded';
import { prepared } from './prepared';
import { numberedOf } from './records';
import { Columns } from './tape/column';
import { JsonText } from './tape/json';
import { Recaster } from './tape/recaster';
import { RowGroupWriter } from './tape/rowGroup';
import { Scanner } from './tape/scan';
import { OBJECT, Tape } from './tape/tape';
import { tapeOf } from './tape/tapeOf';

const MOST_BAD = 100;
/** Longer stretches, which single huge records make, are read one by one: their bytes are not held twice. */
const LONGEST = 16 << 20;

let last: { readonly key: string; readonly way: Way } | undefined;

/**
 * Carries a job out without an object for each record. Undefined where the ordinary way must do it: for stretches of other
 * kinds, and where a value is of another type than its column.
 */
export function onTape(job: Job): Done | undefined {
  const { stretch, types, ...rest } = job;
  if (stretch.kind !== 'lines' || stretch.bytes.length > LONGEST) return undefined;
  if (job.output === 'parquet' && mixedMedia(types).length > 0) return undefined;
  const key = JSON.stringify([rest, types]);
  if (last?.key !== key) last = { key, way: new Way(job) };
  return last.way.lines(stretch.bytes);
}

/** What one kind of job needs again and again. */
class Way {
  readonly #tape = new Tape();
  readonly #scanner = new Scanner(this.#tape);
  readonly #recaster: Recaster;
  readonly #recasting: Recasting;
  readonly #json = new JsonText(this.#tape);
  readonly #columns: Columns | undefined;
  readonly #writer = new RowGroupWriter(this.#tape);
  #lost = new Map<string, number>();
  #bad: Done['bad'][number][] = [];
  #badRows = 0;
  #good = 0;

  constructor(private readonly job: Job) {
    const { mediaFolder, output, types } = job;
    const prepare: Recasting['prepare'] = (record) => prepared(record, job);
    this.#recasting = { from: formOf(job.from), to: formOf(job.to), prepare };
    const folder = mediaFolder === undefined ? {} : { folder: resolve(mediaFolder) };
    this.#recaster = new Recaster(this.#tape, this.#recasting, { isRead: hasBytes, ...folder });
    if (output === 'parquet') this.#columns = new Columns(this.#tape, heldColumns(types), declaredColumns(types));
  }

  lines(bytes: Uint8Array): Done | undefined {
    this.#clear();
    const all = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const sound = isUtf8(all);
    const shift = this.#tape.begin(bytes);
    let [row, line] = [0, 0];
    for (let from = 0; from < all.length; line++) {
      const found = all.indexOf(10, from);
      const end = found < 0 ? all.length : found;
      this.#tape.size = 0;
      const record = sound ? this.#scanner.read(from + shift, end + shift) : -1;
      if (record >= 0 && this.#tape.kind[record] === OBJECT && this.#recast(record)) row += 1;
      else if (this.#ordinary(all.subarray(from, end), { row, line: line + 1 }, sound)) row += 1;
      if (this.#columns?.misfit) return undefined;
      from = end + 1;
    }
    return this.#done(row, line);
  }

  #clear(): void {
    [this.#lost, this.#bad, this.#badRows, this.#good] = [new Map(), [], 0, 0];
    this.#json.end = 0;
    this.#columns?.clear();
  }

  #recast(record: number): boolean {
    const made = this.#recaster.recast(record);
    if (made < 0) return false;
    this.#lose(this.#recaster.lost);
    if (this.#columns) this.#columns.add(made);
    else if (!this.job.dry) {
      this.#separate();
      this.#json.add(made);
    }
    this.#good += 1;
    return true;
  }

  /** Whether there is a record, or something that is none. */
  #ordinary(bytes: Buffer, place: { row: number; line: number }, sound: boolean): boolean {
    const numbered = numberedOf(bytes, place, sound);
    if (!numbered) return false;
    const { from, to, prepare } = this.#recasting;
    const read = numbered.record ? from.read(numbered.record) : (numbered.bad ?? '');
    if (typeof read === 'string') {
      this.#badRows += 1;
      if (this.#bad.length < MOST_BAD) this.#bad.push({ ...place, bad: read });
      return true;
    }
    const { record, lost } = to.hold(prepare(read));
    this.#lose(lost);
    this.#write(to.write(record));
    this.#good += 1;
    return true;
  }

  #write(record: RawRecord): void {
    this.#tape.size = 0;
    if (this.#columns) this.#columns.add(tapeOf(this.#tape, record));
    else if (!this.job.dry) {
      this.#separate();
      this.#json.write(jsonOf(record));
    }
  }

  #separate(): void {
    if (this.#good > 0) this.#json.write(separators(this.job.output).between);
  }

  #lose(lost: readonly string[]): void {
    for (const what of lost) this.#lost.set(what, (this.#lost.get(what) ?? 0) + 1);
  }

  #done(rows: number, lines: number): Done {
    const { dry } = this.job;
    return {
      ...{ rows, lines, good: this.#good, lost: [...this.#lost], bad: this.#bad, badRows: this.#badRows },
      ...(dry ? {} : { encoded: this.#encoded() }),
    };
  }

  #encoded(): Encoded {
    if (this.#columns) return this.#columns.rows > 0 ? this.#writer.write(this.#columns) : NOTHING;
    if (this.#good > 0) this.#json.write(separators(this.job.output).last);
    const bytes = new Uint8Array(this.#json.bytes.subarray(0, this.#json.end));
    return { bytes, groups: [], rows: this.#good };
  }
}

const NOTHING: Encoded = { bytes: new Uint8Array(0), groups: [], rows: 0 };

/** Media by their bytes stand in JSON as base64: such records are decoded one by one. */
function hasBytes(sample: RawRecord): boolean {
  return MEDIA.some((key) => [key, key.slice(0, -1)].some((name) => holdsBytes(sample[name])));
}

function holdsBytes(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(holdsBytes);
  return typeof value === 'object' && value !== null && 'bytes' in value && typeof value.bytes === 'string';
}
