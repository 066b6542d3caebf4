import { shapeOf, type ReadBlocks } from '../../domain/frameworks/rollouts';
import {
  flatRecord,
  scoreKeys,
  shapeKeys,
  type BadRow,
  type RawRecord,
  type Shape,
} from '../../domain/rollouts/rollout';
import { parseLine } from './json';
import { LineIndex } from './lineIndex';
import type { OpenFile } from './openFile';
import type { Into, Source } from './source';

/** Where a stretch of rows comes from: bytes [from, to) of the file. */
interface Stretch {
  readonly first: number;
  readonly rows: number;
  readonly from: number;
  readonly to: number;
}

/** Reads the records of one stretch again. */
type ReadStretch = (bytes: Buffer) => readonly RawRecord[];

/** Records looked at to know what kind of file it is. */
const SAMPLES = 50;
/** Bytes of the file whose records are kept until they stand in columns: a file may be larger than the memory. */
const MOST_HELD = 256 << 20;

/**
 * A file in which several rows stand in one stretch: lines whose values are lists, or blocks of text. Each stretch is
 * read when it is found and again when its rows are asked for; for good, only its place is kept.
 */
export class StretchSource implements Source {
  readonly #stretches: Stretch[] = [];
  readonly #bad: BadRow[] = [];
  readonly #samples: RawRecord[] = [];
  /** Records that wait to be put into columns; those behind them are read again. */
  readonly #held = new Map<Stretch, readonly RawRecord[]>();
  #heldBytes = 0;
  #next = 0;
  #rows = 0;
  #whole: number | undefined;
  #filled = 0;
  #last: { readonly stretch: Stretch; readonly records: readonly RawRecord[] } | undefined;

  private readonly cut: Cut;

  constructor(
    readonly file: string,
    cut: (bytes: OpenFile) => Cut,
    private readonly bytes: OpenFile,
    private readonly mostHeld = MOST_HELD,
  ) {
    this.cut = cut(bytes);
  }

  get rows(): number {
    return this.#rows;
  }

  get filled(): number {
    return this.#filled;
  }

  get bad(): readonly BadRow[] {
    return this.#bad;
  }

  get samples(): readonly RawRecord[] {
    return this.#samples;
  }

  find(milliseconds: number): boolean {
    const until = performance.now() + milliseconds;
    for (let next = this.cut.next(); next; next = this.cut.next()) {
      this.#take(next);
      if (performance.now() > until) return true;
    }
    return false;
  }

  end(): void {
    this.cut.end();
    this.find(Infinity);
    this.#whole = this.bytes.size;
  }

  #take({ from, to, line }: Place): void {
    const records = this.cut.read(this.bytes.read(from, to));
    if (records.length === 0) {
      const message = 'This line is no JSON object with lists of one length.';
      this.#bad.push({ file: this.file, ...(line === undefined ? {} : { line }), message });
      return;
    }
    const stretch = { first: this.#rows, rows: records.length, from, to };
    this.#stretches.push(stretch);
    if (this.#heldBytes < this.mostHeld) this.#hold(stretch, records);
    this.#rows += records.length;
    this.#samples.push(...records.slice(0, SAMPLES - this.#samples.length));
  }

  #hold(stretch: Stretch, records: readonly RawRecord[]): void {
    this.#held.set(stretch, records);
    this.#heldBytes += stretch.to - stretch.from;
  }

  #taken(stretch: Stretch): readonly RawRecord[] {
    const records = this.#held.get(stretch);
    if (!this.#held.delete(stretch)) return this.#records(stretch);
    this.#heldBytes -= stretch.to - stretch.from;
    return records ?? [];
  }

  async fill({ filling, start }: Into, milliseconds: number): Promise<boolean> {
    const until = performance.now() + milliseconds;
    const shape = this.shape();
    if (!shape) return false;
    const keys = [...shapeKeys(shape), ...scoreKeys(shape, this.#samples)];
    for (let next = this.#stretches[this.#next]; next; next = this.#stretches[this.#next]) {
      const { first, rows } = next;
      const flat = this.#taken(next).map((record) => flatRecord(shape, record));
      for (const key of keys)
        flat.forEach((record, at) => {
          if (key in record) filling.take(shape, start + first + at, key, record[key]);
        });
      this.#next += 1;
      this.#filled = first + rows;
      if (performance.now() > until) break;
    }
    return this.#filled < this.#rows;
  }

  shape(): Shape | undefined {
    const [first] = this.#samples;
    return first && this.cut.shape(first);
  }

  async read(from: number, to: number): Promise<readonly RawRecord[]> {
    const records: RawRecord[] = [];
    for (let row = from; row < to;) {
      const stretch = this.#stretches.findLast(({ first }) => first <= row);
      if (!stretch) break;
      const end = Math.min(to, stretch.first + stretch.rows);
      records.push(...this.#records(stretch).slice(row - stretch.first, end - stretch.first));
      row = end;
    }
    return records;
  }

  #records(stretch: Stretch): readonly RawRecord[] {
    if (this.#last?.stretch !== stretch) {
      this.#last = { stretch, records: this.cut.read(this.bytes.read(stretch.from, stretch.to)) };
    }
    return this.#last.records;
  }

  changed(): boolean {
    return this.bytes.changed || (this.#whole !== undefined && this.bytes.size > this.#whole);
  }

  close(): void {
    this.bytes.close();
  }
}

interface Place {
  readonly from: number;
  readonly to: number;
  /** 1-based, where the file has lines. */
  readonly line?: number;
}

/** How a file is cut into stretches, and a stretch into records. */
interface Cut {
  /** The next whole stretch; undefined while there is none. */
  next(): Place | undefined;
  /** What stands behind the last whole stretch is all that will come. */
  end(): void;
  readonly read: ReadStretch;
  shape(sample: RawRecord): Shape | undefined;
}

/** Lines whose values are lists of one length: a row each. */
export function columnarCut(bytes: OpenFile, shape: Shape): Cut {
  const index = new LineIndex(bytes);
  let row = 0;
  return {
    next: () => {
      if (row >= index.rows) index.grow(0);
      if (row >= index.rows) return undefined;
      const place = { from: index.start(row), to: index.start(row + 1), line: index.lineOf(row) };
      row++;
      return place;
    },
    end: () => index.takeLast(),
    read: (line) => rowsOfLists(line.toString('utf8'), shape.text),
    shape: () => ({ ...shape, columnar: false }),
  };
}

/** `{"a":[1,2],"b":[3,4]}` → two records; lists that are shorter than the texts' (cut by a log) leave their key out. */
function rowsOfLists(line: string, text: string): RawRecord[] {
  const record = parseLine(line);
  const texts = record?.[text];
  if (!record || !Array.isArray(texts)) return [];
  const lists = Object.entries(record).filter((entry): entry is [string, unknown[]] => Array.isArray(entry[1]));
  return texts.map((_, row) =>
    Object.fromEntries(lists.filter(([, list]) => row < list.length).map(([key, list]) => [key, list[row]])),
  );
}

/** Blocks of text, read as a whole: such files are short. */
export function blockCut(file: string, bytes: OpenFile, readBlocks: ReadBlocks): Cut {
  let at = 0;
  return {
    next: () => {
      const { size } = bytes;
      if (size <= at) return undefined;
      const text = bytes.read(at, size).toString('utf8');
      const { end } = readBlocks(text);
      if (end === 0) return undefined;
      const place = { from: at, to: at + Buffer.byteLength(text.slice(0, end)) };
      at = place.to;
      return place;
    },
    end: () => undefined,
    read: (block) => readBlocks(block.toString('utf8')).records,
    shape: (sample) => shapeOf(sample, file),
  };
}
