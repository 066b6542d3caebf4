/** What a node of a tape is. */
export const NULL = 0;
export const FALSE = 1;
export const TRUE = 2;
/** A safe integer other than −0. */
export const INTEGER = 3;
export const NUMBER = 4;
export const TEXT = 5;
export const BYTES = 6;
export const LIST = 7;
/** Its children are keys (texts) and values in turn. */
export const OBJECT = 8;
/** Another node stands here, whole. */
export const REF = 9;

/** Bytes kept free before every stretch, for texts that records are given again and again. */
const CONSTANTS = 1 << 16;

/**
 * Values as flat nodes over one store of bytes, so that no object is made for a record. A node's children follow it; the
 * last one ends where `next` says. Texts and bytes lie in the store, decoded, at [from, to).
 */
export class Tape {
  bytes = Buffer.allocUnsafe(CONSTANTS + (6 << 20));
  /** Where the store is free. */
  end = CONSTANTS;
  kind = new Uint8Array(1024);
  /** Place of the first byte, or the number of children (of an object: of pairs), or the node referred to. */
  from = new Int32Array(1024);
  to = new Int32Array(1024);
  next = new Int32Array(1024);
  num = new Float64Array(1024);
  size = 0;
  #constantsEnd = 0;
  readonly #constants = new Map<string, number>();

  /** Forgets nodes and bytes, but for the constants, and begins with these bytes and a line's end. Gives their place. */
  begin(bytes: Uint8Array): number {
    this.end = CONSTANTS;
    this.size = 0;
    return this.store(bytes, 1);
  }

  /** Copies bytes into the store, followed by `more` bytes that end a line. */
  store(bytes: Uint8Array, more = 0): number {
    const at = this.end;
    this.room(bytes.length + more);
    this.bytes.set(bytes, at);
    this.bytes.fill(10, at + bytes.length, at + bytes.length + more);
    this.end = at + bytes.length + more;
    return at;
  }

  /** Makes room for so many bytes more. */
  room(more: number): void {
    if (this.end + more <= this.bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.end + more, this.bytes.length * 1.5));
    this.bytes.copy(larger, 0, 0, this.end);
    this.bytes = larger;
  }

  /** The place of a text that stays over all stretches; undefined where there is no room for it. */
  constant(text: string): number | undefined {
    const known = this.#constants.get(text);
    if (known !== undefined) return known;
    const at = this.#constantsEnd;
    const length = Buffer.byteLength(text);
    if (at + length > CONSTANTS) return undefined;
    this.bytes.write(text, at);
    this.#constantsEnd += length;
    this.#constants.set(text, at);
    return at;
  }

  isConstant(place: number): boolean {
    return place < this.#constantsEnd;
  }

  /** A new node that ends with itself. */
  add(kind: number, from: number, to: number): number {
    const at = this.size++;
    if (at === this.kind.length) this.#widen();
    this.kind[at] = kind;
    this.from[at] = from;
    this.to[at] = to;
    this.next[at] = this.size;
    return at;
  }

  /** A node for a number. `from` and `to`: its text, where JSON would write it so. */
  addNumber(value: number, from = 0, to = 0): number {
    const whole = Number.isSafeInteger(value) && (value !== 0 || !Object.is(value, -0));
    const at = this.add(whole ? INTEGER : NUMBER, from, to);
    this.num[at] = value;
    return at;
  }

  /** A list or object ends here. */
  close(at: number, count: number): void {
    this.from[at] = count;
    this.next[at] = this.size;
  }

  /** What stands at a node, references followed. */
  deref(at: number): number {
    let node = at;
    while (this.kind[node] === REF) node = this.from[node] ?? 0;
    return node;
  }

  text(at: number): string {
    return this.bytes.toString('utf8', this.from[at], this.to[at]);
  }

  #widen(): void {
    const size = this.kind.length * 2;
    this.kind = grown(this.kind, new Uint8Array(size));
    this.from = grown(this.from, new Int32Array(size));
    this.to = grown(this.to, new Int32Array(size));
    this.next = grown(this.next, new Int32Array(size));
    this.num = grown(this.num, new Float64Array(size));
  }
}

/** The larger array with the content of the smaller one. */
export function grown<T extends Uint8Array | Int32Array | Float64Array>(from: T, into: T): T {
  into.set(from);
  return into;
}

/** Whether the bytes at two places are the same. */
export function sameBytes(bytes: Uint8Array, a: number, b: number, length: number): boolean {
  if (a === b) return true;
  for (let at = 0; at < length; at++) if (bytes[a + at] !== bytes[b + at]) return false;
  return true;
}
