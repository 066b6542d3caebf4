import { setTimeout as pause } from 'node:timers/promises';
import { inflateSync } from 'node:zlib';
import { scoreKeys, shapeKeys, type BadRow, type RawRecord, type Shape } from '../../domain/rollouts/rollout';
import type { Host } from '../hosts/host';
import type { Indexed } from '../hosts/hostProtocol';
import { escapedForms } from './escapes';
import { parseLine } from './json';
import type { Into, Search, Shaped, Source } from './source';

/** Bytes asked for at once, which is the host's own bound. */
const PIECE = 1 << 20;
/** Bytes of a file's beginning that are read before anything else: a few pages of rows. */
const HEAD = 1 << 18;
/** Bytes that a first row may have at most, to be understood. */
const LONGEST_ROW = 1 << 24;
/** Records looked at to know what kind of file it is. */
const SAMPLES = 50;
/** Milliseconds between two looks at whether the file has grown. */
const LOOK = 500;
const SHORTEST = 2;

export interface FarFile {
  readonly host: Host;
  /** On the host. */
  readonly path: string;
  /** The name that people see. */
  readonly file: string;
  readonly shaped: Shaped;
}

interface Filled {
  readonly first: number;
  readonly rows: number;
  readonly values: readonly (readonly [key: string, numbers: Float64Array, words: readonly [number, unknown][]])[];
}

/**
 * A big JSONL file on a host: its rows are found and their values read there, by `host.py`; only texts that are looked
 * at come over the connection.
 */
export class FarLines implements Source {
  #starts = new Float64Array(1024);
  #found = 0;
  #end = 0;
  #rows = 0;
  #filled = 0;
  #staged: Filled[] = [];
  readonly #lengths: number[] = [];
  #id: string | undefined;
  #changed = false;
  #closed = false;
  readonly bad: BadRow[] = [];

  private constructor(
    private readonly far: FarFile,
    /** The file's first bytes. */
    private readonly head: Buffer,
  ) {}

  /** Undefined where its lines hold lists: such files have to be here. */
  static async open(far: FarFile): Promise<FarLines | undefined> {
    const [begun, told] = await Promise.all([
      read(far, 0, HEAD),
      far.host.ask('index', { path: far.path, offset: 0, seconds: 0.02 }),
    ]);
    const whole = begun.includes(10) ? begun : await read(far, 0, LONGEST_ROW);
    const source = new FarLines(far, whole);
    if (source.shape()?.columnar) return undefined;
    source.#take(source.#heard(told));
    source.find();
    void source.#follow();
    return source;
  }

  get file(): string {
    return this.far.file;
  }

  get rows(): number {
    return this.#rows;
  }

  get filled(): number {
    return this.#filled;
  }

  get samples(): readonly RawRecord[] {
    const lines = this.head.toString('utf8').split('\n').slice(0, -1);
    return lines
      .slice(0, SAMPLES)
      .map(parseLine)
      .filter((record) => record !== undefined);
  }

  shape(): Shape | undefined {
    const [first] = this.samples;
    return first && this.far.shaped(first);
  }

  /** What came meanwhile is counted from now on. */
  find(): boolean {
    this.#rows = this.#found;
    return false;
  }

  end(): void {
    this.find();
  }

  async fill({ filling, start }: Into): Promise<boolean> {
    const shape = this.shape();
    const next = this.#staged[0];
    if (!shape || !next || next.first + next.rows > this.#rows) return false;
    this.#staged.shift();
    const known = new Set(this.samples.flatMap((record) => Object.keys(record)));
    const wanted = new Set([...scoreKeys(shape, this.samples), ...shapeKeys(shape)]);
    const values = next.values.filter(([key]) => wanted.has(key) || (!known.has(key) && !shape.scores));
    const late = values.filter(([key]) => key === shape.group);
    for (const [key, numbers, words] of [...values.filter(([key]) => key !== shape.group), ...late]) {
      const column = start + next.first;
      numbers.forEach((number, at) => {
        if (!Number.isNaN(number)) filling.take(shape, column + at, key, number);
      });
      for (const [at, word] of words) filling.take(shape, column + at, key, word);
    }
    this.#filled = next.first + next.rows;
    return this.#staged.length > 0;
  }

  async read(from: number, to: number): Promise<readonly RawRecord[]> {
    const [start, end] = [this.#starts[from] ?? 0, this.#startOf(to)];
    const inHead = end <= this.head.length;
    const bytes = inHead ? this.head.subarray(start, end) : await read(this.far, start, end);
    return Array.from({ length: to - from }, (_, at) => {
      const [a, b] = [(this.#starts[from + at] ?? 0) - start, this.#startOf(from + at + 1) - start];
      return parseLine(bytes.toString('utf8', a, b)) ?? {};
    });
  }

  async search({ needle, keys, mark, signal }: Search): Promise<void> {
    const { host, path } = this.far;
    const asked = { path, end: this.#end, needle, forms: escapedForms(needle), keys };
    for (let [offset, done] = [0, false]; !done && !signal?.aborted;) {
      const told = await host.ask('search', { ...asked, offset });
      for (const hit of told.hits) mark(this.#rowAt(hit));
      [offset, done] = [told.offset, told.done];
    }
  }

  async lengths(_key: string, set: (row: number, length: number) => void): Promise<void> {
    this.#lengths.forEach((length, row) => {
      if (row < this.#rows) set(row, length);
    });
  }

  changed(): boolean {
    return this.#changed;
  }

  close(): void {
    this.#closed = true;
  }

  /** First where all rows are, then what stands in them, then what is appended. */
  async #follow(): Promise<void> {
    for (let [offset, row] = [0, 0]; !this.#closed && !this.#changed;) {
      const told = await this.#index({ offset: this.#end }).catch(() => undefined);
      if (told) this.#take(told);
      if (told && told.offset < told.size && told.lengths !== EMPTY) continue;
      const values = await this.#index({ offset, values: true }).catch(() => undefined);
      const rows = values ? this.#stage(values, row) : 0;
      [offset, row] = [values?.offset ?? offset, row + rows];
      // A host that is out of reach is asked at the same pace.
      if (!values || offset >= this.#end) await pause(LOOK, undefined, { ref: false });
    }
  }

  async #index(asked: { offset: number; values?: boolean }): Promise<Indexed> {
    const shape = this.shape();
    const skip = shape ? [shape.prompt] : [];
    const { path, host } = this.far;
    const more = shape ? { skip, lengthOf: shape.text, ...(shape.scoresIn ? { inner: shape.scoresIn } : {}) } : {};
    return this.#heard(await host.ask('index', { path, ...asked, ...more }));
  }

  #heard(told: Indexed): Indexed {
    this.#changed ||= (this.#id !== undefined && told.file !== this.#id) || told.size < this.#end;
    this.#id ??= told.file;
    return told;
  }

  #take({ lengths, offset }: Indexed): void {
    for (const length of lengthsOf(lengths)) {
      if (length > SHORTEST) this.#add(this.#end);
      this.#end += length;
    }
    this.#end = Math.max(this.#end, offset);
  }

  #add(start: number): void {
    if (this.#found === this.#starts.length) {
      const wide = new Float64Array(this.#found * 2);
      wide.set(this.#starts);
      this.#starts = wide;
    }
    this.#starts[this.#found++] = start;
  }

  /** Keeps the values of lines until they are put into columns; gives how many rows they are. */
  #stage({ lengths, values, bad }: Indexed, first: number): number {
    const rowOf: number[] = [];
    let rows = 0;
    for (const length of lengthsOf(lengths)) rowOf.push(length > SHORTEST ? rows++ : -1);
    const text = this.shape()?.text;
    const read = Object.entries(values).map(([key, { numbers, words }]) => {
      const column = new Float64Array(rows).fill(NaN);
      doublesOf(numbers).forEach((value, line) => {
        const row = rowOf[line] ?? -1;
        if (row >= 0) column[row] = value;
      });
      const told = (JSON.parse(inflated(words).toString('utf8')) as [number, unknown][]).map(
        ([line, word]): [number, unknown] => [rowOf[line] ?? 0, word],
      );
      return [key, column, told] as const;
    });
    const measured = read.find(([key]) => key === text);
    measured?.[1].forEach((length, row) => (this.#lengths[first + row] = length));
    for (const line of bad) {
      this.bad.push({ file: this.file, line: first + (rowOf[line] ?? 0) + 1, message: 'This line is no JSON object.' });
    }
    if (rows > 0) this.#staged.push({ first, rows, values: read.filter(([key]) => key !== text) });
    return rows;
  }

  #startOf(row: number): number {
    return row < this.#found ? (this.#starts[row] ?? 0) : this.#end;
  }

  #rowAt(offset: number): number {
    let [low, high] = [0, this.#found - 1];
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if ((this.#starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}

/** Of a packed list without members. */
const EMPTY = 'eAEDAAAAAAE=';

function inflated(packed: string): Buffer {
  return inflateSync(Buffer.from(packed, 'base64'));
}

function lengthsOf(packed: string): Uint32Array {
  const bytes = inflated(packed);
  return new Uint32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
}

function doublesOf(packed: string): Float64Array {
  const bytes = inflated(packed);
  return new Float64Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
}

/** Bytes of a file on a host; pieces are asked for side by side. */
async function read({ host, path }: Pick<FarFile, 'host' | 'path'>, from: number, to: number): Promise<Buffer> {
  const places = Array.from({ length: Math.ceil((to - from) / PIECE) }, (_, at) => from + at * PIECE);
  const pieces = await Promise.all(
    places.map((offset) => host.ask('read', { path, offset, limit: Math.min(PIECE, to - offset) })),
  );
  return Buffer.concat(pieces.map(({ data }) => Buffer.from(data, 'base64')));
}
