import { DECIDING } from '../../../domain/dataset/recast';
import { BYTES, INTEGER, LIST, NULL, NUMBER, OBJECT, TEXT, TRUE, type Tape } from './tape';
import {
  BYTES_SLOT,
  END,
  INSIDE,
  LIST_SLOT,
  LITERAL,
  NUMBER_SLOT,
  RECORD_SLOT,
  SEGMENT,
  State,
  TAG,
  TEXT_END,
  TEXT_SLOT,
} from './state';

const LONGEST_LITERAL = 64;
const MOST_ITEMS = 64;

/**
 * Finds the shape of records: the keys, the kinds of values, and inside the columns that forms look into also the number
 * of items, the texts that decide, and where tags stand. Two records of one shape are recast alike.
 */
export class Shapes<T> {
  readonly #start = new State<T>();
  readonly #tags: readonly Buffer[];
  /** The values of the last record that its shape leaves open: their nodes, or −1 and their place in the store. */
  slotNode = new Int32Array(256);
  slotFrom = new Int32Array(256);
  slotTo = new Int32Array(256);
  slots = 0;
  #state: State<T> = this.#start;

  /** `looked`: the columns whose values are looked into. */
  constructor(
    private readonly tape: Tape,
    private readonly looked: ReadonlySet<string>,
    tags: readonly string[],
  ) {
    this.#tags = tags.map((tag) => Buffer.from(tag));
  }

  /** The state that a record leads to: the same one for every record of its shape. Undefined where it has none. */
  of(record: number): State<T> | undefined {
    const { tape } = this;
    this.slots = 0;
    this.#state = this.#start;
    for (let key = record + 1; key < (tape.next[record] ?? 0); key = tape.next[key + 1] ?? 0) {
      const state = this.#key(key);
      if (!state) return undefined;
      const known = (state.looked ??= this.looked.has(tape.text(key)));
      if (!(known ? this.#inside(key + 1, true, key) : this.#outside(key + 1))) return undefined;
    }
    return this.#go(END);
  }

  /** A value that is passed on as it is. */
  #outside(node: number): State<T> | undefined {
    const kind = this.tape.kind[node] ?? NULL;
    if (kind <= TRUE) return this.#go(LITERAL + kind);
    this.#slot(node);
    if (kind === TEXT) return this.#go(TEXT_SLOT);
    if (kind === INTEGER || kind === NUMBER) return this.#go(NUMBER_SLOT);
    return this.#go(kind === BYTES ? BYTES_SLOT : kind === LIST ? LIST_SLOT : RECORD_SLOT);
  }

  /** `open`: a list or record at this place is looked into, too. */
  #inside(node: number, open: boolean, key: number): State<T> | undefined {
    const kind = this.tape.kind[node] ?? NULL;
    if (kind === TEXT) return this.#decides(key) ? this.#literal(node) : this.#segments(node);
    if (!open || (kind !== LIST && kind !== OBJECT)) return this.#outside(node);
    const count = this.tape.from[node] ?? 0;
    if (count > MOST_ITEMS || !this.#go(INSIDE + kind + 16 * count)) return undefined;
    return kind === LIST ? this.#items(node, key) : this.#fields(node);
  }

  #items(list: number, key: number): State<T> | undefined {
    const { next } = this.tape;
    for (let node = list + 1; node < (next[list] ?? 0); node = next[node] ?? 0)
      if (!this.#inside(node, true, key)) return undefined;
    return this.#state;
  }

  #fields(record: number): State<T> | undefined {
    const { next } = this.tape;
    for (let key = record + 1; key < (next[record] ?? 0); key = next[key + 1] ?? 0)
      if (!this.#key(key) || !this.#inside(key + 1, isContent(this.tape, key), key)) return undefined;
    return this.#state;
  }

  #decides(key: number): boolean {
    const { from, to } = this.tape;
    const length = (to[key] ?? 0) - (from[key] ?? 0);
    return length >= 4 && length <= 5 && DECIDING.has(this.tape.text(key));
  }

  #key(key: number): State<T> | undefined {
    return this.#go(TEXT, key);
  }

  #literal(node: number): State<T> | undefined {
    return this.#go(LITERAL + TEXT, node);
  }

  /** Text in pieces: tags, and what stands between them. */
  #segments(node: number): State<T> | undefined {
    const { tape } = this;
    const from = tape.from[node] ?? 0;
    const to = tape.to[node] ?? 0;
    let start = from;
    for (let at = nextOpening(tape.bytes, from, to); at < to; at = nextOpening(tape.bytes, at, to)) {
      const tag = this.#tags.findIndex((one) => starts(tape.bytes, at, to, one));
      if (tag < 0) {
        at += 1;
        continue;
      }
      if (at > start && !this.#segment(start, at)) return undefined;
      if (!this.#go(TAG + tag)) return undefined;
      start = at += this.#tags[tag]?.length ?? 1;
    }
    if (start < to && !this.#segment(start, to)) return undefined;
    return this.#go(TEXT_END);
  }

  #segment(from: number, to: number): State<T> | undefined {
    this.#slot(-1);
    this.slotFrom[this.slots - 1] = from;
    this.slotTo[this.slots - 1] = to;
    return this.#go(SEGMENT);
  }

  #slot(node: number): void {
    const at = this.slots++;
    if (at >= this.slotNode.length) return;
    this.slotNode[at] = node;
    if (node < 0) return;
    this.slotFrom[at] = this.tape.from[node] ?? 0;
    this.slotTo[at] = this.tape.to[node] ?? 0;
  }

  /** One step on, by a word or the text of a node. */
  #go(word: number, node = -1): State<T> | undefined {
    const { tape } = this;
    const from = node < 0 ? 0 : (tape.from[node] ?? 0);
    const to = node < 0 ? 0 : (tape.to[node] ?? 0);
    if (to - from > LONGEST_LITERAL || this.slots > this.slotNode.length) return undefined;
    const next = this.#state.step(word, tape.bytes, from, to);
    if (next) this.#state = next;
    return next;
  }
}

/** The parts of a message stand there. */
function isContent(tape: Tape, key: number): boolean {
  const from = tape.from[key] ?? 0;
  return (tape.to[key] ?? 0) - from === 7 && starts(tape.bytes, from, from + 7, CONTENT);
}

const CONTENT = Buffer.from('content');

/** Texts longer than this are searched by the machine's own search. */
const LONG = 96;

function nextOpening(bytes: Buffer, from: number, to: number): number {
  if (to - from > LONG) {
    const found = bytes.subarray(from, to).indexOf(60);
    return found < 0 ? to : from + found;
  }
  let at = from;
  while (at < to && bytes[at] !== 60) at += 1;
  return at;
}

function starts(bytes: Uint8Array, at: number, to: number, word: Uint8Array): boolean {
  if (at + word.length > to) return false;
  for (let place = 0; place < word.length; place++) if (bytes[at + place] !== word[place]) return false;
  return true;
}
