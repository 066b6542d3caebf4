import { open, rename, rm, type FileHandle } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { ByteWriter, ParquetWriter } from 'hyparquet-writer';
import type { ColumnType } from '../../domain/dataset/types';
import type { RawRecord } from '../../domain/rollout';
import { jsonOf } from './bytes';
import { fitter, schemaOf } from './parquetSchema';
import { kindOf } from './records';

/** Where records go: nothing stands under the file's own name before `finish`. */
export interface RecordWriter {
  add(record: RawRecord): Promise<void>;
  /** The file is whole and has its name. */
  finish(): Promise<void>;
  /** Nothing is left of it. */
  abandon(): Promise<void>;
}

type Columns = Readonly<Record<string, ColumnType>>;

/** `columns` are needed for parquet: its file says them before the first row. */
export async function recordWriter(file: string, columns: Columns): Promise<RecordWriter> {
  const aside = join(dirname(file), `.${basename(file)}.${process.pid}.part`);
  const handle = await open(aside, 'w');
  const kind = kindOf(file);
  const body = kind === 'parquet' ? new ParquetBody(handle, columns) : new TextBody(handle, kind === 'json');
  return {
    add: (record) => body.add(record),
    finish: async () => {
      await body.end();
      await handle.sync();
      await handle.close();
      await rename(aside, file);
    },
    abandon: async () => {
      await handle.close();
      await rm(aside, { force: true });
    },
  };
}

const TEXT_AT_ONCE = 1 << 20;

class TextBody {
  #pieces: string[] = [];
  #size = 0;
  #rows = 0;

  constructor(
    private readonly handle: FileHandle,
    private readonly list: boolean,
  ) {}

  async add(record: RawRecord): Promise<void> {
    const text = jsonOf(record);
    const before = !this.list ? '' : this.#rows === 0 ? '[\n' : ',\n';
    this.#rows += 1;
    this.#pieces.push(before, text, this.list ? '' : '\n');
    this.#size += text.length;
    if (this.#size > TEXT_AT_ONCE) await this.#flush();
  }

  async end(): Promise<void> {
    if (this.list) this.#pieces.push(this.#rows === 0 ? '[]\n' : '\n]\n');
    await this.#flush();
  }

  async #flush(): Promise<void> {
    await this.handle.writeFile(this.#pieces.join(''));
    this.#pieces = [];
    this.#size = 0;
  }
}

/** A row group ends with whichever comes first: its rows bound what a reader must hold, its size what we must. */
const GROUP_ROWS = 4096;
const GROUP_SIZE = 8 << 20;

class ParquetBody {
  readonly #bytes = new ByteWriter();
  readonly #writer: ParquetWriter;
  readonly #columns;
  #rows: RawRecord[] = [];
  #size = 0;

  constructor(
    private readonly handle: FileHandle,
    columns: Columns,
  ) {
    // Nobody looks for texts by their least and greatest; finding those costs a tenth of the time.
    this.#columns = Object.entries(columns).map(([name, type]) => ({
      name,
      fit: fitter(type),
      statistics: type.kind === 'integer' || type.kind === 'number',
    }));
    this.#writer = new ParquetWriter({ writer: this.#bytes, schema: schemaOf(columns), createdBy: 'GRPO Lens' });
  }

  async add(record: RawRecord): Promise<void> {
    this.#rows.push(record);
    this.#size += roughSize(record);
    if (this.#rows.length >= GROUP_ROWS || this.#size >= GROUP_SIZE) await this.#group();
  }

  async end(): Promise<void> {
    if (this.#rows.length > 0) await this.#group();
    await this.#writer.finish();
    await this.#flush();
  }

  async #group(): Promise<void> {
    const columnData = this.#columns.map(({ name, fit, statistics }) => ({
      name,
      statistics,
      data: this.#rows.map((row) => fit(row[name])),
    }));
    await this.#writer.write({ columnData, rowGroupSize: this.#rows.length });
    this.#rows = [];
    this.#size = 0;
    await this.#flush();
  }

  async #flush(): Promise<void> {
    await this.handle.write(this.#bytes.getBytes());
    this.#bytes.index = 0;
  }
}

/** Bytes that a value takes, near enough. */
function roughSize(value: unknown): number {
  if (typeof value === 'string') return value.length;
  if (value instanceof Uint8Array) return value.byteLength;
  if (typeof value !== 'object' || value === null) return 8;
  return Object.values(value).reduce((sum: number, inner) => sum + roughSize(inner), 8);
}
