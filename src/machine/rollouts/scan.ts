import { isAscii } from 'node:buffer';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const [OPEN, CLOSE, OPEN_LIST, CLOSE_LIST, COMMA, COLON, MINUS, DOT] = [0x7b, 0x7d, 0x5b, 0x5d, 0x2c, 0x3a, 0x2d, 0x2e];

/** Strings up to this length are walked through; longer ones are left to the machine's own byte search. */
const SHORT = 48;

/**
 * Walks over the members of a JSON object without making values of them: a gigabyte of records takes a second or two,
 * where parsing it takes five. Keys that stand where they stood in the record before are known without decoding.
 */
export class Scanner {
  readonly #order: { readonly bytes: Buffer; readonly key: string }[] = [];

  /** Calls `each` for the members of the object at [from, to); false where the bytes are no whole object. */
  members(bytes: Buffer, from: number, to: number, each: (key: string, start: number, end: number) => void): boolean {
    let at = blank(bytes, from, to);
    if (bytes[at] !== OPEN) return false;
    at = blank(bytes, at + 1, to);
    if (bytes[at] === CLOSE) return blank(bytes, at + 1, to) === to;
    for (let place = 0; at < to; place++) {
      const key = this.#key(bytes, at, place);
      if (key === undefined) return false;
      at = blank(bytes, at + key.length, to);
      if (bytes[at] !== COLON) return false;
      const start = blank(bytes, at + 1, to);
      const end = skipValue(bytes, start, to);
      if (end < 0) return false;
      each(key.text, start, end);
      at = blank(bytes, end, to);
      if (bytes[at] === CLOSE) return blank(bytes, at + 1, to) === to;
      if (bytes[at] !== COMMA) return false;
      at = blank(bytes, at + 1, to);
    }
    return false;
  }

  #key(bytes: Buffer, at: number, place: number): { readonly text: string; readonly length: number } | undefined {
    const usual = this.#order[place];
    if (usual && same(bytes, at, usual.bytes)) return { text: usual.key, length: usual.bytes.length };
    const end = bytes[at] === QUOTE ? skipString(bytes, at, bytes.length) : -1;
    if (end < 0) return undefined;
    const text = String(JSON.parse(bytes.toString('utf8', at, end)));
    this.#order[place] = { bytes: Buffer.from(bytes.subarray(at, end)), key: text };
    return { text, length: end - at };
  }
}

function same(bytes: Buffer, at: number, key: Buffer): boolean {
  for (let i = 0; i < key.length; i++) if (bytes[at + i] !== key[i]) return false;
  return true;
}

function blank(bytes: Buffer, at: number, to: number): number {
  while (at < to && (bytes[at] ?? 0) <= 0x20) at++;
  return at;
}

/** The place behind a value; -1 where it does not end. */
function skipValue(bytes: Buffer, at: number, to: number): number {
  const first = bytes[at];
  if (first === QUOTE) return skipString(bytes, at, to);
  if (first === OPEN || first === OPEN_LIST) return skipNested(bytes, at, to);
  let end = at;
  for (; end < to; end++) {
    const byte = bytes[end];
    if (byte === COMMA || byte === CLOSE || byte === CLOSE_LIST || (byte ?? 0) <= 0x20) break;
  }
  return end > at ? end : -1;
}

function skipNested(bytes: Buffer, at: number, to: number): number {
  let depth = 0;
  for (let place = at; place < to; place++) {
    const byte = bytes[place];
    if (byte === QUOTE) {
      const end = skipString(bytes, place, to);
      if (end < 0) return -1;
      place = end - 1;
    } else if (byte === OPEN || byte === OPEN_LIST) depth++;
    else if ((byte === CLOSE || byte === CLOSE_LIST) && --depth === 0) return place + 1;
  }
  return -1;
}

function skipString(bytes: Buffer, at: number, to: number): number {
  const near = Math.min(to, at + SHORT);
  let place = at + 1;
  for (; place < near; place++) {
    const byte = bytes[place];
    if (byte === BACKSLASH) place++;
    else if (byte === QUOTE) return place + 1;
  }
  for (let quote = bytes.indexOf(QUOTE, place); quote >= 0 && quote < to; quote = bytes.indexOf(QUOTE, quote + 1)) {
    let before = quote - 1;
    while (before >= place && bytes[before] === BACKSLASH) before--;
    if ((quote - 1 - before) % 2 === 0) return quote + 1;
  }
  return -1;
}

/** Numbers below this are exact, and so are powers of ten below 1e22: their quotient is the nearest double. */
const EXACT = 2 ** 53;

/** The number at [start, end), NaN where it is none that JSON knows; like `Number` of the same text. */
export function numberAt(bytes: Buffer, start: number, end: number): number {
  let at = start;
  const minus = bytes[at] === MINUS;
  if (minus) at++;
  let [digits, scale] = [0, 1];
  let point = false;
  for (; at < end; at++) {
    const byte = bytes[at] ?? 0;
    if (byte === DOT && !point) point = true;
    else if (byte >= 0x30 && byte <= 0x39) {
      digits = digits * 10 + byte - 0x30;
      if (point) scale *= 10;
    } else return Number(bytes.toString('latin1', start, end));
  }
  if (digits >= EXACT || scale > 1e22 || end === start) return Number(bytes.toString('latin1', start, end));
  return minus ? -digits / scale : digits / scale;
}

/** UTF-16 code units of the JSON string at [start, end), its quotes among them: as `JSON.parse(…).length`. */
export function stringLength(bytes: Buffer, start: number, end: number): number {
  return isAscii(bytes.subarray(start, end)) ? asciiLength(bytes, start, end) : anyLength(bytes, start, end);
}

/** Every byte is a character, but those of escapes. */
function asciiLength(bytes: Buffer, start: number, end: number): number {
  let length = end - start - 2;
  for (let at = bytes.indexOf(BACKSLASH, start); at >= 0 && at < end;) {
    const more = bytes[at + 1] === 0x75 ? 5 : 1;
    length -= more;
    at = bytes.indexOf(BACKSLASH, at + more + 1);
  }
  return length;
}

function anyLength(bytes: Buffer, start: number, end: number): number {
  let length = 0;
  for (let at = start + 1; at < end - 1; at++) {
    const byte = bytes[at] ?? 0;
    if (byte === BACKSLASH) at += bytes[at + 1] === 0x75 ? 5 : 1;
    else if (byte >= 0x80) {
      if (byte < 0xc0) continue;
      if (byte >= 0xf0) length++;
    }
    length++;
  }
  return length;
}
