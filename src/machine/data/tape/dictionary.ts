import type { Leaf } from './leaf';
import { sameBytes, type Tape } from './tape';

const MOST = 1 << 12;
const SLOTS = MOST * 2;
/** Fewer values are not worth a page of their own. */
const FEWEST = 32;
const MULTIPLIER = 0x9e3779b1;

/** The distinct texts of a leaf, and for every value which of them it is. */
export interface Dictionary {
  readonly from: Int32Array<ArrayBuffer>;
  readonly to: Int32Array<ArrayBuffer>;
  readonly count: number;
  readonly indexes: Int32Array;
}

const slots = new Int32Array(SLOTS);

/** Where texts come again and again: at least each of them twice. Undefined where they do not. */
export function dictionaryOf({ from, to, values }: Leaf, { bytes }: Tape): Dictionary | undefined {
  if (values < FEWEST) return undefined;
  slots.fill(-1);
  const indexes = new Int32Array(values);
  const [starts, ends] = [new Int32Array(MOST), new Int32Array(MOST)];
  let count = 0;
  for (let value = 0; value < values; value++) {
    const start = from[value] ?? 0;
    const end = to[value] ?? 0;
    const before = value > 0 ? (indexes[value - 1] ?? 0) : 0;
    if (value > 0 && starts[before] === start && ends[before] === end) {
      indexes[value] = before;
      continue;
    }
    const slot = find(bytes, start, end, { starts, ends });
    let index = slots[slot] ?? -1;
    if (index < 0) {
      if (count * 2 > value + FEWEST || count === MOST) return undefined;
      slots[slot] = index = count++;
      starts[index] = start;
      ends[index] = end;
    }
    indexes[value] = index;
  }
  return { from: starts, to: ends, count, indexes };
}

/** The slot that holds this text, or the free one for it. */
function find(
  bytes: Buffer,
  from: number,
  to: number,
  { starts, ends }: Record<'starts' | 'ends', Int32Array>,
): number {
  const length = to - from;
  let hash = length;
  // The first bytes and the last tell most texts apart.
  for (let at = from; at < to && at < from + 16; at++) hash = Math.imul(hash ^ (bytes[at] ?? 0), MULTIPLIER);
  for (let at = Math.max(from + 16, to - 16); at < to; at++) hash = Math.imul(hash ^ (bytes[at] ?? 0), MULTIPLIER);
  for (let slot = (hash >>> 8) % SLOTS; ; slot = (slot + 1) % SLOTS) {
    const index = slots[slot] ?? -1;
    if (index < 0) return slot;
    const start = starts[index] ?? 0;
    if ((ends[index] ?? 0) - start === length && sameBytes(bytes, start, from, length)) return slot;
  }
}
