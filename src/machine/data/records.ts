import { isUtf8 } from 'node:buffer';
import type { FileHandle } from 'node:fs/promises';
import { extname } from 'node:path';
import { Problem } from '../../domain/problem';
import type { RawRecord } from '../../domain/rollouts/rollout';
import { parsed } from '../../base/json';
import { parseLine } from '../rollouts/json';
import { parquetRecords } from './parquetRecords';
import { JsonArray } from './jsonArray';
import { opened } from './opened';
import { revived } from './bytes';

/** One record of a file in its order, or a sentence on why it is none. */
export interface Numbered {
  /** From 0. */
  readonly row: number;
  /** 1-based; undefined where the file has no lines. */
  readonly line?: number;
  readonly record?: RawRecord;
  readonly bad?: string;
}

const CHUNK = 1 << 20;
/** A single record longer than this is refused, in bytes: it would not fit into memory beside the rest. */
export const LONGEST = 256 << 20;

/** The kinds of files that hold records, by the end of their names. */
export type FileKind = 'jsonl' | 'json' | 'parquet';

export function kindOf(file: string): FileKind {
  const end = extname(file).toLowerCase();
  if (end === '.jsonl' || end === '.ndjson') return 'jsonl';
  if (end === '.json' || end === '.parquet') return end.slice(1) as FileKind;
  const message = `${file} is neither .jsonl, .json nor .parquet.`;
  throw new Problem({ code: 'unsupported', message });
}

/** The records of a file one after another; never the whole file in memory. Errors: `missing`, `bad-input`. */
export async function* readRecords(file: string): AsyncGenerator<Numbered> {
  const kind = kindOf(file);
  if (kind === 'parquet') return yield* parquetRecords(file);
  const handle = await opened(file);
  try {
    yield* kind === 'jsonl' ? lines(handle, file) : elements(handle, file);
  } finally {
    await handle.close();
  }
}

/** A file's bytes piece by piece. Errors: `missing`, `bad-input` (UTF-16). */
export async function* fileChunks(file: string, size = CHUNK): AsyncGenerator<Buffer> {
  const handle = await opened(file);
  try {
    yield* chunks(handle, file, size);
  } finally {
    await handle.close();
  }
}

async function* chunks(handle: FileHandle, file: string, size = CHUNK): AsyncGenerator<Buffer> {
  for (let at = 0; ;) {
    const chunk = Buffer.allocUnsafe(size);
    const { bytesRead } = await handle.read(chunk, 0, size, at);
    if (bytesRead === 0) return;
    if (at === 0 && isUtf16(chunk)) {
      throw new Problem({ code: 'bad-input', message: `${file} is written in UTF-16; save it as UTF-8.` });
    }
    at += bytesRead;
    yield chunk.subarray(0, bytesRead);
  }
}

function isUtf16(start: Buffer): boolean {
  return (start[0] === 0xff && start[1] === 0xfe) || (start[0] === 0xfe && start[1] === 0xff);
}

async function* lines(handle: FileHandle, file: string): AsyncGenerator<Numbered> {
  let [row, line, held, begun] = [0, 0, 0, [] as Buffer[]];
  const take = (bytes: Buffer): Numbered | undefined => {
    line += 1;
    const numbered = numberedOf(bytes, { row, line });
    if (numbered) row += 1;
    return numbered;
  };
  for await (const chunk of chunks(handle, file)) {
    let from = 0;
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, from)) {
      const piece = chunk.subarray(from, end);
      const numbered = take(begun.length > 0 ? Buffer.concat([...begun, piece]) : piece);
      [begun, held, from] = [[], 0, end + 1];
      if (numbered) yield numbered;
    }
    held += chunk.length - from;
    if (held > LONGEST) throw tooLong(file, `line ${line + 1}`);
    begun.push(chunk.subarray(from));
  }
  const last = held > 0 ? take(Buffer.concat(begun)) : undefined;
  if (last) yield last;
}

/** The records of whole lines, from row 0 and line 1. */
export function* numberedLines(bytes: Uint8Array): Generator<Numbered> {
  const all = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const sound = isUtf8(all);
  let [row, line, from] = [0, 0, 0];
  while (from < all.length) {
    const found = all.indexOf(10, from);
    const end = found < 0 ? all.length : found;
    line += 1;
    const numbered = numberedOf(all.subarray(from, end), { row, line }, sound);
    from = end + 1;
    if (!numbered) continue;
    row += 1;
    yield numbered;
  }
}

export function numberedOf(bytes: Buffer, place: { row: number; line: number }, sound = false): Numbered | undefined {
  if (!sound && !isUtf8(bytes)) return { ...place, bad: 'Its bytes are no UTF-8 text.' };
  const text = bytes.toString('utf8');
  if (text.trim() === '') return undefined;
  const record = parseLine(text);
  return record ? { ...place, record: revived(record) } : { ...place, bad: whyNot(text) };
}

function whyNot(text: string): string {
  const value = parsed(text);
  if (value === undefined) return 'It is no whole JSON object.';
  return `It is ${Array.isArray(value) ? 'a list' : value === null ? 'null' : `a ${typeof value}`}, not a JSON object.`;
}

async function* elements(handle: FileHandle, file: string): AsyncGenerator<Numbered> {
  const array = new JsonArray(LONGEST);
  let row = 0;
  for await (const chunk of chunks(handle, file)) {
    for (const { bytes, line } of array.take(chunk)) {
      const numbered = numberedOf(bytes, { row, line });
      if (numbered) row += 1;
      if (numbered) yield numbered;
    }
    if (array.tooLong) throw tooLong(file, `the record at line ${array.line}`);
  }
  const why = array.unfinished;
  if (why) throw new Problem({ code: 'bad-input', message: `${file}: ${why}` });
}

/** A record that would not fit into memory beside the rest. */
export function tooLong(file: string, where: string): Problem {
  return new Problem({ code: 'bad-input', message: `${file}: ${where} is longer than ${LONGEST >> 20} MiB.` });
}
