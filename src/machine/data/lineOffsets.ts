import type { FileHandle } from 'node:fs/promises';
import { opened } from './opened';

const CHUNK = 4 << 20;

/** Lines of a file by their number, blank ones left out; the texts stay on disk. */
export class LineOffsets {
  private constructor(
    private readonly file: string,
    private readonly starts: readonly number[],
  ) {}

  /** Errors: `missing`. */
  static async of(file: string): Promise<LineOffsets> {
    return new LineOffsets(file, await withFile(file, startsOf));
  }

  get rows(): number {
    return this.starts.length - 1;
  }

  /** Lines [from, to), clipped to what there is. */
  async read(from: number, to: number): Promise<readonly string[]> {
    const rows = Array.from({ length: Math.max(0, Math.min(to, this.rows) - from) }, (_, at) => from + at);
    return withFile(this.file, (handle) => Promise.all(rows.map((row) => this.#line(handle, row))));
  }

  async #line(handle: FileHandle, row: number): Promise<string> {
    const [start = 0, end = 0] = [this.starts[row], this.starts[row + 1]];
    const bytes = Buffer.allocUnsafe(end - start);
    const { bytesRead } = await handle.read(bytes, 0, bytes.length, start);
    const text = bytes.toString('utf8', 0, bytesRead);
    return text.split('\n')[0] ?? '';
  }
}

/** Where each line with something in it starts, and the end of the file behind them. */
async function startsOf(handle: FileHandle): Promise<readonly number[]> {
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
  return [...starts, at];
}

async function withFile<T>(file: string, use: (handle: FileHandle) => Promise<T>): Promise<T> {
  const handle = await opened(file);
  try {
    return await use(handle);
  } finally {
    await handle.close();
  }
}
