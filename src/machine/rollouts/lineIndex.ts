import type { OpenFile } from './openFile';

/** Bytes looked at in one go. */
const CHUNK = 4 << 20;
const NEWLINE = 10;
/** What is read now, of whichever file: a run may have thousands, and nobody waits while it is looked at. */
const scratch = Buffer.allocUnsafe(CHUNK);

/** Where the lines of a growing file start; blank lines are no rows, and half a last line waits for its end. */
export class LineIndex {
  #starts = new Float64Array(1024);
  #rows = 0;
  #at = 0;
  /** Start of the line that has no end yet. */
  #line = 0;
  /** For each blank line, the row that came next. */
  readonly #blanks: number[] = [];

  constructor(private readonly file: OpenFile) {}

  get rows(): number {
    return this.#rows;
  }

  /** Bytes behind the last whole line. */
  get end(): number {
    return this.#line;
  }

  start(row: number): number {
    return row < this.#rows ? (this.#starts[row] ?? 0) : this.#line;
  }

  /** 1-based number of a row's line, as an editor counts. */
  lineOf(row: number): number {
    const before = this.#blanks.findIndex((next) => next > row);
    return row + 1 + (before < 0 ? this.#blanks.length : before);
  }

  /** The row in which a byte stands. */
  rowAt(offset: number): number {
    let [low, high] = [0, this.#rows - 1];
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if ((this.#starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  /** Reads on for about `milliseconds`; false at the file's end. */
  grow(milliseconds: number): boolean {
    const until = performance.now() + milliseconds;
    do {
      const count = this.file.readInto(scratch, this.#at);
      if (count > 0) this.#take(scratch.subarray(0, count));
      if (count < CHUNK) return false;
    } while (performance.now() < until);
    return true;
  }

  /** A last line without an end is a row after all, once nobody will write its end any more. */
  takeLast(): void {
    this.grow(Infinity);
    const size = this.file.size;
    if (size <= this.#line) return;
    this.#add(this.#line);
    this.#line = this.#at = size;
  }

  #take(bytes: Buffer): void {
    for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, end + 1)) {
      const next = this.#at + end + 1;
      if (next - this.#line > 2) this.#add(this.#line);
      else this.#blanks.push(this.#rows);
      this.#line = next;
    }
    this.#at += bytes.length;
  }

  #add(start: number): void {
    if (this.#rows === this.#starts.length) {
      const wide = new Float64Array(this.#rows * 2);
      wide.set(this.#starts);
      this.#starts = wide;
    }
    this.#starts[this.#rows++] = start;
  }
}
