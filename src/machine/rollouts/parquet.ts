import { open, type FileHandle } from 'node:fs/promises';
import { basename } from 'node:path';
import {
  parquetMetadataAsync,
  parquetReadObjects,
  parquetSchema,
  type AsyncBuffer,
  type FileMetaData,
} from 'hyparquet';
import type { BadRow, RawRecord } from '../../domain/rollout';
import type { Scalars, Source } from './source';

/** Files below this are read in one go, in bytes. */
const SMALL = 4 << 20;

/** Opens a parquet file of rollouts: its texts stay on disk. Rejects where the file is no whole parquet file. */
export async function openParquet(file: string): Promise<Source> {
  const bytes = await bytesOf(file);
  const metadata = await parquetMetadataAsync(bytes);
  return {
    file,
    rows: Number(metadata.num_rows),
    bad: [],
    samples: [sampleOf(metadata)],
    scalars: () => scalarsOf(bytes, metadata),
    read: (from, to) => readRows(file, metadata, [from, to]),
  };
}

/** A record with this file's columns, 0 where they hold numbers: enough to know what kind of file it is. */
function sampleOf(metadata: FileMetaData): RawRecord {
  const scalars = new Set(scalarNames(metadata));
  return Object.fromEntries(
    parquetSchema(metadata).children.map(({ element: { name } }) => [name, scalars.has(name) ? 0 : '']),
  );
}

/** One plain sentence on why a parquet file could not be read. */
export function badParquet(file: string, error: unknown): BadRow {
  const why = error instanceof Error ? error.message : String(error);
  return { file, message: `${basename(file)} could not be read (${why}); its rows are missing here.` };
}

async function* scalarsOf(file: AsyncBuffer, metadata: FileMetaData): AsyncIterable<Scalars> {
  const names = scalarNames(metadata);
  const rows = await parquetReadObjects({ file, metadata, columns: names });
  yield { rows: rows.length, columns: new Map(names.map((name) => [name, rows.map((row): unknown => row[name])])) };
}

const TEXT_TYPES = new Set(['BYTE_ARRAY', 'FIXED_LEN_BYTE_ARRAY', 'INT96']);

/** Flat columns of numbers and booleans; texts and nested columns are read by row only. */
function scalarNames({ schema }: FileMetaData): string[] {
  return schema
    .slice(1)
    .filter(({ type, num_children }) => type !== undefined && num_children === undefined && !TEXT_TYPES.has(type))
    .map(({ name }) => name);
}

async function readRows(file: string, metadata: FileMetaData, [from, to]: [number, number]): Promise<RawRecord[]> {
  return parquetReadObjects({ file: await bytesOf(file), metadata, rowStart: from, rowEnd: to });
}

async function bytesOf(file: string): Promise<AsyncBuffer> {
  const handle = await open(file);
  try {
    const { size } = await handle.stat();
    if (size > SMALL) return slices(file, size);
    const whole = await readAt(handle, 0, size);
    return { byteLength: size, slice: (start, end) => whole.slice(start, end) };
  } finally {
    await handle.close();
  }
}

function slices(file: string, size: number): AsyncBuffer {
  return {
    byteLength: size,
    slice: async (start, end = size) => {
      const handle = await open(file);
      try {
        return await readAt(handle, start, end - start);
      } finally {
        await handle.close();
      }
    },
  };
}

async function readAt(handle: FileHandle, position: number, length: number): Promise<ArrayBuffer> {
  const bytes = new Uint8Array(length);
  await handle.read(bytes, 0, length, position);
  return bytes.buffer;
}
