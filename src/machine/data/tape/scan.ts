import { FALSE, LIST, NULL, OBJECT, TEXT, TRUE, sameBytes, type Tape } from './tape';
import { unescaped } from './unescape';

/** Deeper texts are read the ordinary way. */
const DEEPEST = 64;
/** Objects with more keys are, too: each key is compared with those before it. */
const MOST_KEYS = 64;
const FAILED = -1;

/** 1 for the bytes that end the plain part of a JSON text: the quote, the backslash, controls. */
const STOPS = Uint8Array.from({ length: 256 }, (_, byte) => (byte < 32 || byte === 34 || byte === 92 ? 1 : 0));

/**
 * Reads JSON texts from a tape's store onto the tape, exactly as `JSON.parse` would; whatever is rare (or wrong) it leaves
 * to that. Texts with escapes are decoded where they stand. The store's bytes are UTF-8 already, and a line's end follows.
 */
export class Scanner {
  #at = 0;

  /** `withoutNulls`: a key whose value is null is left out. */
  constructor(
    private readonly tape: Tape,
    private readonly how: { readonly withoutNulls?: boolean } = {},
  ) {}

  /** The node of the value that fills [from, to); −1 where the ordinary way must decide. */
  read(from: number, to: number): number {
    this.#at = from;
    const { size } = this.tape;
    const root = this.#value(0);
    if (root >= 0 && this.#space() >= 0 && this.#at === to) return root;
    this.tape.size = size;
    return FAILED;
  }

  /** Skips white space; gives the byte that follows. */
  #space(): number {
    const { bytes } = this.tape;
    let at = this.#at;
    let byte = bytes[at] ?? 0;
    while (byte === 32 || byte === 9 || byte === 13) byte = bytes[++at] ?? 0;
    this.#at = at;
    return byte;
  }

  #value(depth: number): number {
    const byte = this.#space();
    if (byte === 34) return this.#text();
    if (byte === 123) return this.#object(depth);
    if (byte === 91) return this.#list(depth);
    if (byte === 116) return this.#word('true', TRUE);
    if (byte === 102) return this.#word('false', FALSE);
    if (byte === 110) return this.#word('null', NULL);
    return this.#number();
  }

  #word(word: string, kind: number): number {
    for (let at = 0; at < word.length; at++) if (this.tape.bytes[this.#at + at] !== word.charCodeAt(at)) return FAILED;
    this.#at += word.length;
    return this.tape.add(kind, 0, 0);
  }

  #text(): number {
    const { bytes } = this.tape;
    const from = this.#at + 1;
    let at = from;
    while (STOPS[bytes[at] ?? 0] === 0) at += 1;
    if (bytes[at] === 34) {
      this.#at = at + 1;
      return this.tape.add(TEXT, from, at);
    }
    const ends = bytes[at] === 92 ? unescaped(bytes, at) : undefined;
    if (!ends) return FAILED;
    this.#at = ends.read;
    return this.tape.add(TEXT, from, ends.written);
  }

  #list(depth: number): number {
    if (depth > DEEPEST) return FAILED;
    const node = this.tape.add(LIST, 0, 0);
    this.#at += 1;
    let count = 0;
    if (this.#space() === 93) {
      this.#at += 1;
      return node;
    }
    for (;;) {
      if (this.#value(depth + 1) < 0) return FAILED;
      count += 1;
      const byte = this.#space();
      this.#at += 1;
      if (byte === 44) continue;
      if (byte !== 93) return FAILED;
      this.tape.close(node, count);
      return node;
    }
  }

  #object(depth: number): number {
    if (depth > DEEPEST) return FAILED;
    const node = this.tape.add(OBJECT, 0, 0);
    this.#at += 1;
    let count = 0;
    if (this.#space() === 125) {
      this.#at += 1;
      return node;
    }
    for (;;) {
      if (this.#space() !== 34) return FAILED;
      const key = this.#text();
      if (key < 0 || !this.#isUsual(key) || count >= MOST_KEYS || this.#stoodBefore(node, key)) return FAILED;
      if (this.#space() !== 58) return FAILED;
      this.#at += 1;
      if (this.#value(depth + 1) < 0) return FAILED;
      if (this.how.withoutNulls && this.tape.kind[key + 1] === NULL) this.tape.size = key;
      else count += 1;
      const byte = this.#space();
      this.#at += 1;
      if (byte === 44) continue;
      if (byte !== 125) return FAILED;
      this.tape.close(node, count);
      return node;
    }
  }

  /** Keys that JavaScript would put before others, or that mean something to it, go the ordinary way. */
  #isUsual(key: number): boolean {
    const { bytes, from, to } = this.tape;
    const first = bytes[from[key] ?? 0] ?? 0;
    if (first === 95 && (to[key] ?? 0) - (from[key] ?? 0) === 9) return this.tape.text(key) !== '__proto__';
    return first < 48 || first > 57 || (to[key] ?? 0) === (from[key] ?? 0);
  }

  #stoodBefore(object: number, key: number): boolean {
    const { bytes, from, to, next } = this.tape;
    const at = from[key] ?? 0;
    const length = (to[key] ?? 0) - at;
    for (let other = object + 1; other < key; other = next[other + 1] ?? key) {
      const start = from[other] ?? 0;
      if ((to[other] ?? 0) - start === length && sameBytes(bytes, start, at, length)) return true;
    }
    return false;
  }

  #number(): number {
    const { bytes } = this.tape;
    const from = this.#at;
    let at = bytes[from] === 45 ? from + 1 : from;
    const first = at;
    let value = 0;
    let byte = bytes[at] ?? 0;
    while (byte >= 48 && byte <= 57) {
      value = value * 10 + byte - 48;
      byte = bytes[++at] ?? 0;
    }
    const digits = at - first;
    if (digits === 0 || (digits > 1 && bytes[first] === 48)) return FAILED;
    if (byte === 46 || byte === 101 || byte === 69) return this.#fraction(from, at);
    this.#at = at;
    if (digits > 15) return this.tape.addNumber(Number(bytes.toString('latin1', from, at)));
    if (first === from) return this.tape.addNumber(value, from, at);
    return value === 0 ? this.tape.addNumber(-0) : this.tape.addNumber(-value, from, at);
  }

  /** The rest of a number with a point or a power; `at` is the place of that. */
  #fraction(from: number, start: number): number {
    const { bytes } = this.tape;
    let at = start;
    if (bytes[at] === 46) {
      const point = at;
      at = digitsEnd(bytes, at + 1);
      if (at === point + 1) return FAILED;
    }
    if (bytes[at] === 101 || bytes[at] === 69) {
      const sign = bytes[at + 1];
      const power = sign === 43 || sign === 45 ? at + 2 : at + 1;
      at = digitsEnd(bytes, power);
      if (at === power) return FAILED;
    }
    this.#at = at;
    return this.tape.addNumber(Number(bytes.toString('latin1', from, at)));
  }
}

function digitsEnd(bytes: Uint8Array, from: number): number {
  let at = from;
  for (let byte = bytes[at] ?? 0; byte >= 48 && byte <= 57; byte = bytes[at] ?? 0) at += 1;
  return at;
}
