import {
  flatRecord,
  scoreKeys,
  shapeKeys,
  textOf,
  type BadRow,
  type RawRecord,
  type Shape,
} from '../../domain/rollouts/rollout';
import { parsed } from '../../base/json';
import { parseLine } from './json';
import { LineIndex } from './lineIndex';
import { OpenFile } from './openFile';
import { numberAt, Scanner, stringLength } from './scan';
import { searchLines } from './search';
import type { Into, Search, Shaped, Source } from './source';

/** Records looked at to know what kind of file it is. */
const SAMPLES = 50;
/** Bytes of rows that are read at once while columns are filled. */
const PIECE = 4 << 20;
/** Ids and words longer than this are texts, in bytes. */
const LONGEST_WORD = 200;

interface Lines {
  /** Half a last line may be finished later. */
  readonly growing: boolean;
  /** Where the bytes are, if the file was packed. */
  readonly bytes: string;
  readonly shaped: Shaped;
}

/** A JSONL file: one record a line, texts on disk. */
export class LinesSource implements Source {
  readonly #file: OpenFile;
  readonly #index: LineIndex;
  readonly #scanner = new Scanner();
  readonly #inner = new Scanner();
  readonly #bad: BadRow[] = [];
  #samples: readonly RawRecord[] = [];
  #filled = 0;
  #whole = false;
  /** Which keys stand in columns; a key that is not here was not in the first records. */
  #wanted: ReadonlyMap<string, boolean> | undefined;

  /** `file` is the name that people see. */
  constructor(
    readonly file: string,
    private readonly how: Lines,
  ) {
    this.#file = new OpenFile(how.bytes);
    this.#index = new LineIndex(this.#file);
  }

  get rows(): number {
    return this.#index.rows;
  }

  get filled(): number {
    return this.#filled;
  }

  get bad(): readonly BadRow[] {
    return this.#bad;
  }

  get samples(): readonly RawRecord[] {
    if (this.#samples.length < SAMPLES && this.#samples.length < this.rows) {
      this.#samples = this.#lines(0, Math.min(this.rows, SAMPLES))
        .map(parseLine)
        .filter((record) => record !== undefined);
    }
    return this.#samples;
  }

  find(milliseconds: number): boolean {
    if (this.#index.grow(milliseconds)) return true;
    if (!this.how.growing) this.#index.takeLast();
    return false;
  }

  end(): void {
    this.#index.takeLast();
    this.#whole = true;
  }

  async fill({ filling, start }: Into, milliseconds: number): Promise<boolean> {
    const until = performance.now() + milliseconds;
    const shape = this.shape();
    if (!shape) return false;
    while (this.#filled < this.rows && performance.now() < until) {
      const to = this.#pieceFrom(this.#filled);
      const offset = this.#index.start(this.#filled);
      const bytes = this.#file.read(offset, this.#index.start(to));
      for (let row = this.#filled; row < to; row++) {
        const [a, b] = [this.#index.start(row) - offset, this.#index.start(row + 1) - offset];
        this.#fillRow({ bytes, a, b }, { filling, row: start + row, shape }, row);
      }
      this.#filled = to;
    }
    return this.#filled < this.rows;
  }

  shape(): Shape | undefined {
    const [first] = this.samples;
    return first && this.how.shaped(first);
  }

  /** The last of the rows that fit into one piece, at least one. */
  #pieceFrom(row: number): number {
    const end = this.#index.rowAt(this.#index.start(row) + PIECE);
    return Math.min(this.rows, Math.max(row + 1, end));
  }

  #fillRow(
    line: { bytes: Buffer; a: number; b: number },
    into: { filling: Into['filling']; row: number; shape: Shape },
    row: number,
  ): void {
    const { filling, shape } = into;
    const wanted = (this.#wanted ??= wantedKeys(shape, this.samples));
    const { bytes } = line;
    let group: unknown;
    const whole = this.#members(line, shape.scoresIn, (key, start, end, inner) => {
      const mayBeNew = (inner || shape.scoresIn === undefined) && !shape.scores;
      if (!(wanted.get(key) ?? (mayBeNew && isNewScore(bytes[start] ?? 0)))) return;
      const value = valueAt(bytes, start, end);
      if (key === shape.group) group = value;
      else if (value !== TEXT) filling.take(shape, into.row, key, value);
    });
    // A group's id counts within its step, so the step has to be known first, wherever it stands.
    if (shape.group !== undefined && group !== TEXT) filling.take(shape, into.row, shape.group, group);
    if (whole || parseLine(bytes.toString('utf8', line.a, line.b))) return;
    this.#bad.push({ file: this.file, line: this.#index.lineOf(row), message: 'This line is no JSON object.' });
  }

  #members(
    { bytes, a, b }: { bytes: Buffer; a: number; b: number },
    nested: string | undefined,
    each: (key: string, start: number, end: number, inner: boolean) => void,
  ): boolean {
    const first = bytes[a] === 0xef && bytes[a + 1] === 0xbb ? a + 3 : a;
    return this.#scanner.members(bytes, first, b, (key, start, end) => {
      if (key !== nested) return each(key, start, end, false);
      this.#inner.members(bytes, start, end, (name, from, to) => each(name, from, to, true));
    });
  }

  async read(from: number, to: number): Promise<RawRecord[]> {
    return this.#lines(from, to).map((line) => parseLine(line) ?? {});
  }

  #lines(from: number, to: number): string[] {
    const offset = this.#index.start(from);
    const bytes = this.#file.read(offset, this.#index.start(to));
    return Array.from({ length: to - from }, (_, at) =>
      bytes.toString('utf8', this.#index.start(from + at) - offset, this.#index.start(from + at + 1) - offset),
    );
  }

  search(search: Search): Promise<void> {
    return searchLines({ file: this.#file, index: this.#index, scanner: this.#scanner }, search);
  }

  async lengths(key: string, set: (row: number, length: number) => void): Promise<void> {
    for (let row = 0; row < this.rows;) {
      const to = this.#pieceFrom(row);
      const offset = this.#index.start(row);
      const bytes = this.#file.read(offset, this.#index.start(to));
      for (; row < to; row++) {
        const [a, b] = [this.#index.start(row) - offset, this.#index.start(row + 1) - offset];
        this.#members({ bytes, a, b }, undefined, (name, start, end) => {
          if (name === key)
            set(row, bytes[start] === 0x22 ? stringLength(bytes, start, end) : nestedLength(bytes, start, end));
        });
      }
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  changed(): boolean {
    return this.#file.changed || (this.#whole && this.#file.size > this.#index.end);
  }

  close(): void {
    this.#file.close();
  }
}

/** Of a completion that is a list of messages. */
function nestedLength(bytes: Buffer, start: number, end: number): number {
  return textOf(parsed(bytes.toString('utf8', start, end))).length;
}

const TEXT = Symbol('a text that is no word');

/** A number, a word or a short text; longer texts and nested values are left where they are. */
function valueAt(bytes: Buffer, start: number, end: number): unknown {
  const first = bytes[start] ?? 0;
  if (first === 0x22) return end - start > LONGEST_WORD ? TEXT : parsed(bytes.toString('utf8', start, end));
  if ((first >= 0x30 && first <= 0x39) || (first === 0x2d && bytes[start + 1] !== 0x49))
    return numberAt(bytes, start, end);
  if (first === 0x7b || first === 0x5b) return TEXT;
  const word = bytes.toString('latin1', start, end);
  return WORDS.has(word) ? WORDS.get(word) : TEXT;
}

const WORDS: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ['true', true],
  ['false', false],
  ['null', null],
  ['NaN', NaN],
  ['Infinity', Infinity],
  ['-Infinity', -Infinity],
]);

function wantedKeys(shape: Shape, samples: readonly RawRecord[]): ReadonlyMap<string, boolean> {
  const keys = samples.flatMap((record) => Object.keys(flatRecord(shape, record)));
  const wanted = new Set([...scoreKeys(shape, samples), ...shapeKeys(shape)]);
  return new Map([...keys, ...shape.notScores, shape.prompt, shape.text].map((key) => [key, wanted.has(key)]));
}

/** A number under a key that the first records did not have is a reward that was added later. */
function isNewScore(first: number): boolean {
  return (first >= 0x30 && first <= 0x39) || first === 0x2d || first === 0x4e || first === 0x49;
}
