import { open, type FileHandle } from 'node:fs/promises';
import type { BadRow, RawRecord } from '../../domain/rollout';
import { parseLine } from './json';
import type { Scalars, Source } from './source';

/** Bytes read at once while looking for line ends. */
const CHUNK = 4 << 20;
/** Rows handed on at once while columns are filled. */
const ROWS = 4096;
/** Records looked at to know what kind of file it is. */
const SAMPLES = 50;

/** Where the lines of a file start, with the end of the last one behind them. */
interface Index {
  readonly starts: Float64Array;
  readonly rows: number;
}

/** Opens a JSONL file: one record a line, blank lines left out; texts stay on disk. */
export async function openLines(file: string): Promise<Source> {
  const index = await indexOf(file);
  const bad: BadRow[] = [];
  const first = index.rows > 0 ? await readLines(file, index, [0, Math.min(index.rows, SAMPLES)]) : [];
  const read = async (from: number, to: number): Promise<RawRecord[]> =>
    (await readLines(file, index, [from, to])).map((line) => parseLine(line) ?? {});
  return {
    file,
    rows: index.rows,
    bad,
    samples: first.map(parseLine).filter((record) => record !== undefined),
    scalars: () => scalarsOf(file, index, bad),
    read,
  };
}

async function* scalarsOf(file: string, index: Index, bad: BadRow[]): AsyncIterable<Scalars> {
  for (let from = 0; from < index.rows; from += ROWS) {
    const lines = await readLines(file, index, [from, Math.min(index.rows, from + ROWS)]);
    const columns = new Map<string, unknown[]>();
    lines.forEach((line, row) => {
      const record = parseLine(line);
      if (!record) bad.push({ file, line: from + row + 1, message: 'This line is no JSON object.' });
      else for (const key of Object.keys(record)) keep(columns, key, { row, value: record[key] });
    });
    yield { rows: lines.length, columns };
  }
}

function keep(columns: Map<string, unknown[]>, key: string, { row, value }: { row: number; value: unknown }): void {
  if (typeof value === 'object' && value !== null) return;
  const short = typeof value === 'string' && value.length > 200 ? undefined : value;
  const column = columns.get(key) ?? [];
  column[row] = short;
  columns.set(key, column);
}

async function readLines(file: string, index: Index, [from, to]: [number, number]): Promise<string[]> {
  const start = index.starts[from] ?? 0;
  const bytes = Buffer.allocUnsafe((index.starts[to] ?? start) - start);
  await withFile(file, (handle) => handle.read(bytes, 0, bytes.length, start));
  return Array.from({ length: to - from }, (_, row) => {
    const [a, b] = [index.starts[from + row] ?? start, index.starts[from + row + 1] ?? start];
    return bytes.toString('utf8', a - start, b - start);
  });
}

async function indexOf(file: string): Promise<Index> {
  return withFile(file, async (handle) => {
    const starts: number[] = [];
    const chunk = Buffer.allocUnsafe(CHUNK);
    let [line, at] = [0, 0];
    for (;;) {
      const { bytesRead } = await handle.read(chunk, 0, CHUNK, at);
      if (bytesRead === 0) break;
      const bytes = chunk.subarray(0, bytesRead);
      for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, end + 1)) {
        if (at + end - line > 1) starts.push(line);
        line = at + end + 1;
      }
      at += bytesRead;
    }
    if (at > line) starts.push(line);
    return { starts: Float64Array.from([...starts, at]), rows: starts.length };
  });
}

async function withFile<T>(file: string, use: (handle: FileHandle) => Promise<T>): Promise<T> {
  const handle = await open(file);
  try {
    return await use(handle);
  } finally {
    await handle.close();
  }
}
