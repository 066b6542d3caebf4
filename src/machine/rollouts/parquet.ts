import { basename } from 'node:path';
import { parquetMetadata, parquetReadObjects, parquetSchema, type AsyncBuffer, type FileMetaData } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { scoreKeys, shapeKeys, type BadRow, type RawRecord, type Shape } from '../../domain/rollouts/rollout';
import { OpenFile } from './openFile';
import type { Into, Shaped, Source } from './source';

/** Files below this are read in one go, in bytes. */
const SMALL = 4 << 20;
/** Bytes at a file's end in which its metadata are looked for first. */
const TAIL = 1 << 16;

/** A parquet file of rollouts. Its texts stay on disk; it is whole when it is there, and does not grow. */
export class ParquetSource implements Source {
  readonly #file: OpenFile;
  readonly #metadata: FileMetaData;
  readonly rows: number;
  readonly bad: BadRow[] = [];
  /** One record with this file's columns, 0 where they hold numbers. */
  readonly samples: readonly RawRecord[];
  #filled = 0;

  /** Throws where the file is no whole parquet file. */
  constructor(
    readonly file: string,
    private readonly shaped: Shaped,
  ) {
    this.#file = new OpenFile(file);
    this.#metadata = metadataOf(this.#file);
    this.rows = Number(this.#metadata.num_rows);
    const scalars = new Set(scalarNames(this.#metadata));
    const names = parquetSchema(this.#metadata).children.map(({ element: { name } }) => name);
    this.samples = [Object.fromEntries(names.map((name) => [name, scalars.has(name) ? 0 : '']))];
    this.#file.close();
  }

  get filled(): number {
    return this.#filled;
  }

  find(): boolean {
    return false;
  }

  shape(): Shape | undefined {
    const [sample] = this.samples;
    return sample && this.shaped(sample);
  }

  async fill({ filling, start }: Into): Promise<boolean> {
    const [sample] = this.samples;
    const shape = this.shape();
    if (!shape || this.#filled === this.rows) return false;
    const wanted = [...scoreKeys(shape, this.samples), ...shapeKeys(shape)];
    const columns = wanted.filter((name) => sample && name in sample);
    const records = await this.#read({ columns }).catch((error: unknown) => this.#broken(error));
    for (const key of [shape.step, ...columns]) {
      if (key === undefined || !columns.includes(key)) continue;
      records.forEach((record, row) => filling.take(shape, start + row, key, record[key]));
    }
    this.#filled = this.rows;
    return false;
  }

  /** Rows whose bytes cannot be understood are records without keys. */
  async read(from: number, to: number): Promise<RawRecord[]> {
    const records = await this.#read({ rowStart: from, rowEnd: to }).catch((error: unknown) => this.#broken(error));
    return Array.from({ length: to - from }, (_, at) => records[at] ?? {});
  }

  /** Whatever a codec or a page of it threw: said once. */
  #broken(error: unknown): RawRecord[] {
    if (this.bad.length === 0) this.bad.push(badFile(this.file, error));
    return [];
  }

  async #read(what: { columns?: string[]; rowStart?: number; rowEnd?: number }): Promise<RawRecord[]> {
    const file = new OpenFile(this.file);
    try {
      return await parquetReadObjects({ file: bufferOf(file), metadata: this.#metadata, compressors, ...what });
    } finally {
      file.close();
    }
  }

  /** Its writer makes a whole new file where it writes a step anew. */
  changed(): boolean {
    return false;
  }

  end(): void {}

  close(): void {}
}

/** One plain sentence on why a file could not be read. */
export function badFile(file: string, error: unknown): BadRow {
  const why = error instanceof Error ? error.message : String(error);
  return { file, message: `${basename(file)} could not be read (${why}); its rows are missing here.` };
}

function metadataOf(file: OpenFile): FileMetaData {
  const { size } = file;
  const tail = file.read(Math.max(0, size - TAIL), size);
  const needed = tail.length >= 8 ? tail.readUInt32LE(tail.length - 8) + 8 : 0;
  const bytes = needed > tail.length && needed <= size ? file.read(size - needed, size) : tail;
  return parquetMetadata(new Uint8Array(bytes).buffer);
}

function bufferOf(file: OpenFile): AsyncBuffer {
  const { size } = file;
  const slice = (start: number, end = size): ArrayBuffer => {
    const bytes = new Uint8Array(end - start);
    file.readInto(bytes, start);
    return bytes.buffer;
  };
  if (size > SMALL) return { byteLength: size, slice };
  const whole = slice(0);
  return { byteLength: size, slice: (start, end) => whole.slice(start, end) };
}

const TEXT_TYPES = new Set(['BYTE_ARRAY', 'FIXED_LEN_BYTE_ARRAY', 'INT96']);

/** Flat columns of numbers and booleans; texts and nested columns are read by row only. */
function scalarNames({ schema }: FileMetaData): string[] {
  return schema
    .slice(1)
    .filter(({ type, num_children }) => type !== undefined && num_children === undefined && !TEXT_TYPES.has(type))
    .map(({ name }) => name);
}
