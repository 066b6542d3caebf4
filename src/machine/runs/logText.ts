import type { Disk } from '../disk';

/** A stretch of a log: whole lines, and where in the file they stand, in bytes. */
export interface LogStretch {
  readonly text: string;
  readonly start: number;
  readonly end: number;
  readonly size: number;
}

/** Bytes that are shown at once. */
const SHOWN = 128 * 1024;
const CHUNK = 1 << 20;
const MOST_HITS = 1000;

/** The end of a log, or the part around a byte: read by offset, so the size of the file does not matter. */
export async function readLog(disk: Disk, path: string, around?: number): Promise<LogStretch> {
  const { size } = await disk.read(path, 0, 1);
  const from = Math.max(0, Math.min(around === undefined ? size : around - SHOWN / 2, size - SHOWN));
  const { bytes } = await disk.read(path, from, Math.min(SHOWN, size - from));
  const begin = from === 0 ? 0 : bytes.indexOf(10) + 1;
  const finish = from + bytes.length >= size ? bytes.length : bytes.lastIndexOf(10) + 1;
  // One line may be longer than what is shown.
  const [first, last] = begin < finish ? [begin, finish] : [0, bytes.length];
  return { text: decoded(bytes.subarray(first, last)), start: from + first, end: from + last, size };
}

/** Bytes at which lines begin that hold `text`, in either case; at most 1,000, `more` says that there are others. */
export async function findInLog(disk: Disk, path: string, text: string): Promise<{ at: number[]; more: boolean }> {
  const wanted = text.toLowerCase();
  const at: number[] = [];
  for await (const { line, start } of lines(disk, path)) {
    if (!line.toLowerCase().includes(wanted)) continue;
    if (at.length === MOST_HITS) return { at, more: true };
    at.push(start);
  }
  return { at, more: false };
}

/** Byte at which the first error begins: a traceback, else a line that names an error; undefined if there is none. */
export async function firstError(disk: Disk, path: string): Promise<number | undefined> {
  let named: number | undefined;
  for await (const { line, start } of lines(disk, path)) {
    if (line.includes('Traceback (most recent call last)')) return start;
    if (named === undefined && NAMED.test(line)) named = start;
  }
  return named;
}

const NAMED = /\b[A-Z]\w*(?:Error|Exception)\b: |CUDA error|^Killed$/;

function decoded(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

async function* lines(disk: Disk, path: string): AsyncGenerator<{ readonly line: string; readonly start: number }> {
  let held = Buffer.alloc(0);
  for (let offset = 0; ;) {
    const { bytes, size } = await disk.read(path, offset + held.length, CHUNK);
    const data = Buffer.concat([held, bytes]);
    let start = 0;
    for (let end = data.indexOf(10); end >= 0; end = data.indexOf(10, start)) {
      yield { line: data.toString('utf8', start, end), start: offset + start };
      start = end + 1;
    }
    held = data.subarray(start);
    offset += start;
    if (bytes.length > 0 && offset + held.length < size) continue;
    if (held.length > 0) yield { line: held.toString('utf8'), start: offset };
    return;
  }
}
