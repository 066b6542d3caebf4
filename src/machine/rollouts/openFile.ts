import { closeSync, fstatSync, openSync, readSync, statSync } from 'node:fs';
import { Problem } from '../../domain/problem';

/**
 * A file kept open and read by offset. Reading is synchronous on purpose: a table lives in its own thread, and a page
 * of 60 rows that lie apart would otherwise wait 60 times for the thread pool.
 */
export class OpenFile {
  /** Undefined once it was closed: its number may be another file's by then. */
  #open: number | undefined;
  readonly #inode: number;
  #largest = 0;

  constructor(readonly path: string) {
    this.#open = openSync(path, 'r');
    const { ino, size } = fstatSync(this.#handle);
    [this.#inode, this.#largest] = [ino, size];
  }

  get #handle(): number {
    if (this.#open !== undefined) return this.#open;
    throw new Problem({ code: 'closed', message: `${this.path} is no longer open; ask again.` });
  }

  /** Bytes in the file now. */
  get size(): number {
    const { size } = fstatSync(this.#handle);
    this.#largest = Math.max(this.#largest, size);
    return size;
  }

  /** Fills `bytes` from `position` on; gives how many there were. */
  readInto(bytes: Uint8Array, position: number): number {
    let done = 0;
    while (done < bytes.length) {
      const count = readSync(this.#handle, bytes, done, bytes.length - done, position + done);
      if (count === 0) break;
      done += count;
    }
    return done;
  }

  read(from: number, to: number): Buffer {
    const bytes = Buffer.allocUnsafe(Math.max(0, to - from));
    return bytes.subarray(0, this.readInto(bytes, from));
  }

  /** Shorter than it was, gone, or another file under the same name. */
  get changed(): boolean {
    const now = statSync(this.path, { throwIfNoEntry: false });
    return now === undefined || now.ino !== this.#inode || now.size < this.#largest;
  }

  close(): void {
    if (this.#open !== undefined) closeSync(this.#open);
    this.#open = undefined;
  }
}
