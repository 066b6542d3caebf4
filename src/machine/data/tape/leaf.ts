import type { ParquetType } from 'hyparquet';
import { grown, type Tape } from './tape';

/** The values of one leaf column of a row group: levels for all, values for those there are. */
export class Leaf {
  defs = new Uint8Array(1024);
  reps = new Uint8Array(1024);
  /** Levels so far: values and gaps. */
  count = 0;
  /** Values so far. */
  values = 0;
  rows = 0;
  /** Of texts and bytes: their places in the store of the tape. */
  from = new Int32Array(1024);
  to = new Int32Array(1024);
  /** Of numbers and truths (0 and 1). */
  num = new Float64Array(0);

  constructor(
    readonly path: readonly string[],
    readonly type: ParquetType,
    readonly most: { readonly definition: number; readonly repetition: number },
  ) {
    if (type !== 'BYTE_ARRAY') this.num = new Float64Array(1024);
  }

  clear(): void {
    [this.count, this.values, this.rows] = [0, 0, 0];
  }

  /** A gap: the value, or something around it, is not there. */
  gap(rep: number, def: number): void {
    const at = this.count++;
    if (at === this.defs.length) this.#widenLevels();
    this.defs[at] = def;
    this.reps[at] = rep;
    if (rep === 0) this.rows += 1;
  }

  span(rep: number, from: number, to: number): void {
    this.gap(rep, this.most.definition);
    const at = this.values++;
    if (at === this.from.length) {
      this.from = grown(this.from, new Int32Array(at * 2));
      this.to = grown(this.to, new Int32Array(at * 2));
    }
    this.from[at] = from;
    this.to[at] = to;
  }

  number(rep: number, value: number): void {
    this.gap(rep, this.most.definition);
    const at = this.values++;
    if (at === this.num.length) this.num = grown(this.num, new Float64Array(at * 2));
    this.num[at] = value;
  }

  #widenLevels(): void {
    this.defs = grown(this.defs, new Uint8Array(this.count * 2));
    this.reps = grown(this.reps, new Uint8Array(this.count * 2));
  }
}

/** What of a leaf its values are. */
type Values = Pick<Leaf, 'type' | 'from' | 'to' | 'num' | 'values'>;

/** Bytes of a leaf's values one after the other, each with its length before it (`PLAIN`), into `out`; gives the end. */
export function plainValues(leaf: Values, tape: Tape, out: Buffer): number {
  if (leaf.type === 'BYTE_ARRAY') return plainSpans(leaf, leaf.values, tape.bytes, out);
  let end = 0;
  if (leaf.type === 'BOOLEAN') {
    out.fill(0, 0, (leaf.values + 7) >> 3);
    for (let at = 0; at < leaf.values; at++) if (leaf.num[at]) out[at >> 3] = (out[at >> 3] ?? 0) | (1 << (at & 7));
    return (leaf.values + 7) >> 3;
  }
  const view = new DataView(out.buffer, out.byteOffset);
  for (let at = 0; at < leaf.values; at++) {
    const value = leaf.num[at] ?? 0;
    if (leaf.type === 'DOUBLE') view.setFloat64(end, value, true);
    else {
      view.setInt32(end, value | 0, true);
      view.setInt32(end + 4, Math.floor(value / 0x1_0000_0000), true);
    }
    end += 8;
  }
  return end;
}

/** Spans of a store that are copied one by one are copied by hand up to this length. */
const SHORT = 96;

function plainSpans({ from, to }: Pick<Leaf, 'from' | 'to'>, count: number, bytes: Buffer, out: Buffer): number {
  let end = 0;
  for (let value = 0; value < count; value++) {
    const start = from[value] ?? 0;
    const stop = to[value] ?? 0;
    const length = stop - start;
    out[end] = length & 255;
    out[end + 1] = (length >> 8) & 255;
    out[end + 2] = (length >> 16) & 255;
    out[end + 3] = length >> 24;
    end += 4;
    if (length > SHORT) end += bytes.copy(out, end, start, stop);
    else for (let at = start; at < stop; at++) out[end++] = bytes[at] ?? 0;
  }
  return end;
}

/** How many bytes `plainValues` writes at most. */
export function plainSize({ type, values, from, to }: Omit<Values, 'num'>): number {
  if (type !== 'BYTE_ARRAY') return values * 8 + 8;
  let size = values * 4;
  for (let at = 0; at < values; at++) size += (to[at] ?? 0) - (from[at] ?? 0);
  return size;
}
