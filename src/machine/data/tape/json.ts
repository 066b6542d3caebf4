import { FALSE, INTEGER, LIST, NULL, NUMBER, OBJECT, TEXT, TRUE, BYTES, type Tape } from './tape';

/** What a byte becomes inside a JSON text: 0 itself, 1 six characters, else a backslash and this letter. */
const ESCAPES = Uint8Array.from({ length: 256 }, (_, byte) => {
  const at = '"\\\b\f\n\r\t'.indexOf(String.fromCharCode(byte));
  return at >= 0 ? '"\\bfnrt'.charCodeAt(at) : byte < 32 ? 1 : 0;
});
const HEX = Buffer.from('0123456789abcdef');
const COPIED = 64;

/** Writes nodes of a tape as JSON, byte for byte as `JSON.stringify` would. */
export class JsonText {
  bytes = Buffer.allocUnsafe(1 << 16);
  end = 0;

  constructor(private readonly tape: Tape) {}

  /** A value and, behind it, a fixed text. */
  add(node: number, after = ''): void {
    this.#value(node);
    this.write(after);
  }

  write(text: string): void {
    if (text.length === 1) return this.#byte(text.charCodeAt(0));
    this.#room(text.length * 3);
    this.end += this.bytes.write(text, this.end);
  }

  #value(reference: number): void {
    const { tape } = this;
    const node = tape.deref(reference);
    const kind = tape.kind[node];
    if (kind === TEXT) this.#text(tape.from[node] ?? 0, tape.to[node] ?? 0);
    else if (kind === INTEGER || kind === NUMBER) this.#number(node);
    else if (kind === LIST || kind === OBJECT) this.#children(node, kind);
    else if (kind === BYTES) this.write(`"${tape.bytes.toString('base64', tape.from[node], tape.to[node])}"`);
    else this.write(kind === TRUE ? 'true' : kind === FALSE ? 'false' : kind === NULL ? 'null' : '');
  }

  #number(node: number): void {
    const { from, to, num, bytes } = this.tape;
    const start = from[node] ?? 0;
    const end = to[node] ?? 0;
    const value = num[node] ?? 0;
    if (end === start) return this.write(Number.isFinite(value) ? String(value) : 'null');
    this.#room(end - start);
    for (let at = start; at < end; at++) this.bytes[this.end++] = bytes[at] ?? 0;
  }

  #children(node: number, kind: number): void {
    const { tape } = this;
    const end = tape.next[node] ?? 0;
    this.#byte(kind === LIST ? 91 : 123);
    for (let child = node + 1; child < end; child = tape.next[child] ?? end) {
      if (child > node + 1) this.#byte(44);
      this.#value(child);
      if (kind === LIST) continue;
      this.#byte(58);
      child += 1;
      this.#value(child);
    }
    this.#byte(kind === LIST ? 93 : 125);
  }

  #byte(byte: number): void {
    this.#room(1);
    this.bytes[this.end++] = byte;
  }

  #text(from: number, to: number): void {
    this.#room((to - from) * 6 + 2);
    const { bytes: source } = this.tape;
    const { bytes } = this;
    let end = this.end;
    bytes[end++] = 34;
    for (let at = from; at < to;) {
      const start = at;
      while (at < to && ESCAPES[source[at] ?? 0] === 0) at += 1;
      if (at - start > COPIED) end += source.copy(bytes, end, start, at);
      else for (let place = start; place < at; place++) bytes[end++] = source[place] ?? 0;
      if (at < to) end = escaped(bytes, end, source[at++] ?? 0);
    }
    bytes[end++] = 34;
    this.end = end;
  }

  #room(more: number): void {
    if (this.end + more <= this.bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.end + more, this.bytes.length * 2));
    this.bytes.copy(larger, 0, 0, this.end);
    this.bytes = larger;
  }
}

function escaped(bytes: Uint8Array, from: number, byte: number): number {
  let at = from;
  const letter = ESCAPES[byte] ?? 0;
  bytes[at++] = 92;
  if (letter > 1) {
    bytes[at++] = letter;
    return at;
  }
  bytes[at++] = 117;
  bytes[at++] = 48;
  bytes[at++] = 48;
  bytes[at++] = HEX[byte >> 4] ?? 0;
  bytes[at++] = HEX[byte & 15] ?? 0;
  return at;
}
