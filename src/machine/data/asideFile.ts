import { open, rename, rm, type FileHandle } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { RowGroup } from 'hyparquet';
import { ByteWriter, ParquetWriter } from 'hyparquet-writer';
import { unwritten } from '../unwritten';
import type { Columns } from './columns';
import { moved, type Encoded } from './encoded';
import { schemaOf } from './parquetSchema';
import { kindOf, type FileKind } from './records';

/** A file that is written beside its name: nothing stands under the name before `finish`. Errors: `refused`, a full disk. */
export class AsideFile {
  readonly #kind: FileKind;
  readonly #groups: RowGroup[] = [];
  #at = 0;
  #rows = 0;

  private constructor(
    private readonly file: string,
    private readonly aside: string,
    private readonly handle: FileHandle,
  ) {
    this.#kind = kindOf(file);
  }

  static async open(file: string): Promise<AsideFile> {
    const aside = join(dirname(file), `.${basename(file)}.${process.pid}.part`);
    const made = new AsideFile(file, aside, await open(aside, 'w').catch((error: unknown) => unwritten(error, file)));
    if (made.#kind === 'parquet') await made.#write(Buffer.from('PAR1'));
    return made;
  }

  async add({ bytes, groups, rows }: Encoded): Promise<void> {
    if (rows === 0) return;
    if (this.#kind === 'json') await this.#write(Buffer.from(this.#rows === 0 ? '[\n' : ',\n'));
    this.#groups.push(...moved(groups, this.#at));
    this.#rows += rows;
    await this.#write(bytes);
  }

  /** The file is whole and has its name, or nothing is left of it. `columns`: of parquet, as its rows were written. */
  async finish(columns: Columns): Promise<void> {
    try {
      if (this.#kind === 'json') await this.#write(Buffer.from(this.#rows === 0 ? '[]\n' : '\n]\n'));
      if (this.#kind === 'parquet') await this.#write(this.#footer(columns));
      await this.handle.sync();
      await this.handle.close();
      await rename(this.aside, this.file);
    } catch (error) {
      await this.abandon();
      unwritten(error, this.file);
    }
  }

  /** Nothing is left of it. */
  async abandon(): Promise<void> {
    await this.handle.close();
    await rm(this.aside, { force: true });
  }

  #footer(columns: Columns): Uint8Array {
    const bytes = new ByteWriter();
    const writer = new ParquetWriter({ writer: bytes, schema: schemaOf(columns), createdBy: 'GRPO Lens' });
    const head = bytes.index;
    bytes.offset = this.#at;
    writer.row_groups = this.#groups;
    writer.num_rows = BigInt(this.#rows);
    void writer.finish();
    return bytes.getBytes().slice(head);
  }

  async #write(bytes: Uint8Array): Promise<void> {
    await this.handle.writeFile(bytes).catch((error: unknown) => unwritten(error, this.file));
    this.#at += bytes.length;
  }
}
