import { isUtf8 } from 'node:buffer';
import { MEDIA } from '../../domain/dataset/dataset';
import type { Recasting } from '../../domain/dataset/recast';
import type { RawRecord } from '../../domain/rollouts/rollout';
import { jsonOf } from './bytes';
import { declaredColumns, heldColumns } from './columns';
import type { Done, Job } from './convertJob';
import { separators, type Encoded } from './encoded';
import { numberedOf, type Numbered } from './records';
import { Columns } from './tape/column';
import { JsonText } from './tape/json';
import { Recaster } from './tape/recaster';
import { RowGroupWriter } from './tape/rowGroup';
import type { RowReader } from './tape/rowReader';
import { Scanner } from './tape/scan';
import { OBJECT, Tape } from './tape/tape';
import { recordOf, tapeOf } from './tape/tapeOf';

const MOST_BAD = 100;

/** What one kind of job needs again and again. */
export class Way {
  readonly tape = new Tape();
  readonly #scanner = new Scanner(this.tape);
  readonly #recaster: Recaster;
  readonly #json = new JsonText(this.tape);
  readonly #columns: Columns | undefined;
  readonly #writer = new RowGroupWriter(this.tape);
  #lost = new Map<string, number>();
  #bad: Done['bad'][number][] = [];
  #badRows = 0;
  #good = 0;

  constructor(
    private readonly job: Job,
    private readonly recasting: Recasting & { readonly folder?: string },
  ) {
    const { output, types, stretch } = job;
    const isRead = stretch.kind === 'lines' ? hasBytes : (): boolean => false;
    const { folder } = recasting;
    this.#recaster = new Recaster(this.tape, recasting, { isRead, ...(folder === undefined ? {} : { folder }) });
    if (output === 'parquet') this.#columns = new Columns(this.tape, heldColumns(types), declaredColumns(types));
  }

  lines(bytes: Uint8Array): Done | undefined {
    this.#clear();
    const all = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const sound = isUtf8(all);
    const shift = this.tape.begin(bytes);
    let [row, line] = [0, 0];
    for (let from = 0; from < all.length; line++) {
      const found = all.indexOf(10, from);
      const end = found < 0 ? all.length : found;
      this.tape.size = 0;
      const record = sound ? this.#scanner.read(from + shift, end + shift) : -1;
      if (record >= 0 && this.tape.kind[record] === OBJECT && this.#recast(record)) row += 1;
      else {
        const numbered = numberedOf(all.subarray(from, end), { row, line: line + 1 }, sound);
        if (numbered) this.#ordinary(numbered);
        if (numbered) row += 1;
      }
      if (this.#columns?.misfit) return undefined;
      from = end + 1;
    }
    return this.#done(row, line);
  }

  /** The next rows of a parquet file. Errors: `Unusual`. */
  rows(reader: RowReader, count: number): Done | undefined {
    this.#clear();
    for (let row = 0; row < count; row++) {
      this.tape.size = 0;
      const record = reader.row();
      if (!this.#recast(record)) this.#ordinary({ row, record: recordOf(this.tape, record) });
      if (this.#columns?.misfit) return undefined;
    }
    // Between texts stands only ASCII: if all of it is UTF-8, each of them is.
    if (!this.#columns && !isUtf8(this.#json.bytes.subarray(0, this.#json.end))) return undefined;
    return this.#done(count, 0);
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

  #ordinary({ row, line, record: raw, bad = '' }: Numbered): void {
    const { from, to, prepare } = this.recasting;
    const read = raw ? from.read(raw) : bad;
    if (typeof read === 'string') {
      this.#badRows += 1;
      if (this.#bad.length < MOST_BAD) this.#bad.push({ row, bad: read, ...(line === undefined ? {} : { line }) });
      return;
    }
    const { record, lost } = to.hold(prepare(read));
    this.#lose(lost);
    this.#write(to.write(record));
    this.#good += 1;
  }

  #write(record: RawRecord): void {
    this.tape.size = 0;
    if (this.#columns) this.#columns.add(tapeOf(this.tape, record));
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
