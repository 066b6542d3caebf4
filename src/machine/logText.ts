import { open, type FileHandle } from 'node:fs/promises';

/** A stretch of a log: whole lines, and where in the file they stand, in bytes. */
export interface LogStretch {
  readonly text: string;
  readonly start: number;
  readonly end: number;
  readonly size: number;
}

/** Bytes that are shown at once. */
const SHOWN = 128 * 1024;
const CHUNK = 4 << 20;
const MOST_HITS = 1000;

/** The end of a log, or the part around a byte: read by offset, so the size of the file does not matter. */
export function readLog(path: string, around?: number): Promise<LogStretch> {
  return using(path, async (file) => {
    const { size } = await file.stat();
    const from = Math.max(0, Math.min(around === undefined ? size : around - SHOWN / 2, size - SHOWN));
    const bytes = await readAt(file, from, Math.min(SHOWN, size - from));
    const first = from === 0 ? 0 : bytes.indexOf(10) + 1;
    const last = from + bytes.length >= size ? bytes.length : bytes.lastIndexOf(10) + 1;
    return { text: bytes.toString('utf8', first, last), start: from + first, end: from + last, size };
  });
}

/** Bytes at which lines begin that hold `text`, in either case; at most 1,000, `more` says that there are others. */
export function findInLog(path: string, text: string): Promise<{ at: number[]; more: boolean }> {
  const wanted = text.toLowerCase();
  return using(path, async (file) => {
    const at: number[] = [];
    for await (const { line, start } of lines(file)) {
      if (!line.toLowerCase().includes(wanted)) continue;
      if (at.length === MOST_HITS) return { at, more: true };
      at.push(start);
    }
    return { at, more: false };
  });
}

/** Byte at which the first error begins: a traceback, else a line that names an error; undefined if there is none. */
export function firstError(path: string): Promise<number | undefined> {
  return using(path, async (file) => {
    let named: number | undefined;
    for await (const { line, start } of lines(file)) {
      if (line.includes('Traceback (most recent call last)')) return start;
      if (named === undefined && /\b[A-Z]\w*(?:Error|Exception)\b: |CUDA error|^Killed$/.test(line)) named = start;
    }
    return named;
  });
}

async function using<T>(path: string, run: (file: FileHandle) => Promise<T>): Promise<T> {
  const file = await open(path, 'r');
  try {
    return await run(file);
  } finally {
    await file.close();
  }
}

async function readAt(file: FileHandle, from: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length);
  const { bytesRead } = await file.read(buffer, 0, length, from);
  return buffer.subarray(0, bytesRead);
}

async function* lines(file: FileHandle): AsyncGenerator<{ readonly line: string; readonly start: number }> {
  let held: Buffer = Buffer.alloc(0);
  for (let offset = 0; ;) {
    const bytes = await readAt(file, offset + held.length, CHUNK);
    if (bytes.length === 0) break;
    const data = Buffer.concat([held, bytes]);
    let start = 0;
    for (let end = data.indexOf(10); end >= 0; end = data.indexOf(10, start)) {
      yield { line: data.toString('utf8', start, end), start: offset + start };
      start = end + 1;
    }
    held = data.subarray(start);
    offset += start;
    if (bytes.length < CHUNK) {
      yield { line: held.toString('utf8'), start: offset };
      return;
    }
  }
}
