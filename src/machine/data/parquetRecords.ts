import { open } from 'node:fs/promises';
import {
  parquetMetadataAsync,
  parquetReadObjects,
  type AsyncBuffer,
  type FileMetaData,
  type RowGroup,
} from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { Problem } from '../../domain/problem';
import type { RawRecord } from '../../domain/rollouts/rollout';
import { opened } from './opened';
import type { Numbered } from './records';

/** Rows of a parquet file, one row group in memory at a time. Errors: `missing`, `bad-input`. */
export async function* parquetRecords(path: string): AsyncGenerator<Numbered> {
  const file = await buffered(path);
  const metadata = await metadataOf(path, file);
  let row = 0;
  for (const group of metadata.row_groups) {
    const [rowStart, rowEnd] = [row, row + Number(group.num_rows)];
    for (const record of await rowsOf({ file, metadata, rowStart, rowEnd }, path)) {
      yield { row, record: plain(record) as RawRecord };
      row += 1;
    }
  }
}

/** The stretches of rows that stand together in a parquet file, as [from, to). Errors: `missing`, `bad-input`. */
export async function parquetGroups(path: string): Promise<readonly (readonly [from: number, to: number])[]> {
  const { row_groups } = await metadataOf(path, await buffered(path));
  let row = 0;
  return row_groups.map(({ num_rows }) => {
    const from = row;
    row += Number(num_rows);
    return [from, row] as const;
  });
}

/** Rows [from, to) of a parquet file. */
export async function parquetRows(path: string, from: number, to: number): Promise<readonly RawRecord[]> {
  const file = await buffered(path);
  const metadata = await footerOf(path, file);
  const rows = await rowsOf({ file, metadata, rowStart: from, rowEnd: to }, path);
  return rows.map((row) => plain(row) as RawRecord);
}

/** A row group and how its bytes are read, which begin at `start` of the file. */
export interface GroupThere {
  readonly metadata: FileMetaData;
  readonly group: RowGroup;
  readonly start: number;
  read(): Promise<Uint8Array>;
}

/** The row group that is rows [from, to); undefined where they are none. Errors: `missing`, `bad-input`. */
export async function parquetGroupAt(path: string, from: number, to: number): Promise<GroupThere | undefined> {
  const file = await buffered(path);
  const metadata = await footerOf(path, file);
  let row = 0;
  for (const group of metadata.row_groups) {
    const end = row + Number(group.num_rows);
    if (row === from && end === to) {
      const [start, stop] = placeOf(group);
      return { metadata, group, start, read: async () => new Uint8Array(await file.slice(start, stop)) };
    }
    row = end;
  }
  return undefined;
}

function placeOf({ columns }: RowGroup): readonly [from: number, to: number] {
  const places = columns.flatMap(({ meta_data: meta }) => {
    const start = Number(meta?.dictionary_page_offset ?? meta?.data_page_offset ?? 0);
    return meta ? [[start, start + Number(meta.total_compressed_size)] as const] : [];
  });
  return [Math.min(...places.map(([start]) => start)), Math.max(...places.map(([, end]) => end))];
}

interface Wanted {
  readonly file: AsyncBuffer;
  readonly metadata: FileMetaData;
  readonly rowStart: number;
  readonly rowEnd: number;
}

async function rowsOf(wanted: Wanted, path: string): Promise<RawRecord[]> {
  try {
    return await parquetReadObjects({ ...wanted, compressors, utf8: false });
  } catch (error) {
    throw unreadable(path, error);
  }
}

/** The footer read last: the row groups of one file are asked for one by one. */
let last: { readonly path: string; readonly stamp: string; readonly metadata: FileMetaData } | undefined;

async function footerOf(path: string, file: Stamped): Promise<FileMetaData> {
  const { stamp } = file;
  if (last?.path === path && last.stamp === stamp) return last.metadata;
  last = { path, stamp, metadata: await metadataOf(path, file) };
  return last.metadata;
}

async function metadataOf(path: string, file: AsyncBuffer): Promise<FileMetaData> {
  if (file.byteLength === 0) throw unreadable(path, 'it is empty');
  try {
    return await parquetMetadataAsync(file);
  } catch (error) {
    throw unreadable(path, error);
  }
}

function unreadable(path: string, error: unknown): Problem {
  const why = error instanceof Error ? error.message : String(error);
  return new Problem({ code: 'bad-input', message: `${path} is no whole parquet file: ${why}.` });
}

/** A file's bytes, and what tells this file from one that has its name later. */
interface Stamped extends AsyncBuffer {
  readonly stamp: string;
}

async function buffered(path: string): Promise<Stamped> {
  const { size, stamp } = await statOf(path);
  return {
    byteLength: size,
    stamp,
    slice: async (start, end = size) => {
      const handle = await open(path);
      try {
        const bytes = new Uint8Array(end - start);
        await handle.read(bytes, 0, bytes.length, start);
        return bytes.buffer;
      } finally {
        await handle.close();
      }
    },
  };
}

async function statOf(path: string): Promise<{ readonly size: number; readonly stamp: string }> {
  const handle = await opened(path);
  try {
    const { size, mtimeMs, ino } = await handle.stat();
    return { size, stamp: `${size} ${mtimeMs} ${ino}` };
  } finally {
    await handle.close();
  }
}

/** Integers as numbers where they fit; fields of a structure that a row lacks are left out. */
function plain(value: unknown): unknown {
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : value;
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array || value instanceof Date) return value;
  const entries = Object.entries(value).filter(([, inner]) => inner !== null && inner !== undefined);
  return Object.fromEntries(entries.map(([key, inner]) => [key, plain(inner)]));
}

/** How many rows a parquet file has. */
export async function parquetCount(path: string): Promise<number> {
  return Number((await metadataOf(path, await buffered(path))).num_rows);
}
