import type { ScoreColumn } from './columns';

/** One column to order rows by. */
export interface Ordering {
  readonly column: ScoreColumn;
  readonly down: boolean;
}

/**
 * The rows ordered by the columns, the first before the second; equal rows keep their order. Rows without a number come
 * last, whichever way. A radix sort over the bits of the numbers: a million rows take some tens of milliseconds.
 */
export function ordered(rows: Int32Array, by: readonly Ordering[]): Int32Array {
  return by.toReversed().reduce(sortedBy, rows);
}

const DIGIT = 16;
const BUCKETS = 1 << DIGIT;

function sortedBy(rows: Int32Array, { column, down }: Ordering): Int32Array {
  const [low, high] = keysOf(rows, column, down);
  const start = Int32Array.from(rows.keys());
  const places = radix([high], start);
  const sorted = settle(places, low, high) ? places : radix([low, high], start);
  return sorted.map((place) => rows[place] ?? 0);
}

function radix(halves: readonly Uint32Array[], start: Int32Array): Int32Array {
  let [from, to]: [Int32Array, Int32Array] = [start.slice(), new Int32Array(start.length)];
  for (const half of halves) {
    for (const shift of [0, DIGIT]) {
      if (scatter(half, shift, { from, to })) [from, to] = [to, from];
    }
  }
  return from;
}

/** Numbers that share their upper half are few and near each other, mostly; more of them than this are sorted anew. */
const FEW = 32;

/** Puts neighbours with equal upper halves in order of their lower halves; false where there are too many of them. */
function settle(places: Int32Array, low: Uint32Array, high: Uint32Array): boolean {
  let run = 0;
  for (let at = 1; at < places.length; at++) {
    const place = places[at] ?? 0;
    if (high[place] !== high[places[run] ?? 0]) run = at;
    const key = low[place] ?? 0;
    if (run === at || (low[places[at - 1] ?? 0] ?? 0) <= key) continue;
    if (at - run > FEW) return false;
    let hole = at;
    for (; hole > run && (low[places[hole - 1] ?? 0] ?? 0) > key; hole--) places[hole] = places[hole - 1] ?? 0;
    places[hole] = place;
  }
  return true;
}

/** Numbers as pairs of unsigned halves, low and high, whose order is the numbers' order; no number is greatest. */
function keysOf(rows: Int32Array, { values }: ScoreColumn, down: boolean): [low: Uint32Array, high: Uint32Array] {
  const [low, high] = [new Uint32Array(rows.length), new Uint32Array(rows.length)];
  const number = new Float64Array(1);
  const bits = new Uint32Array(number.buffer);
  for (let at = 0; at < rows.length; at++) {
    const value = values[rows[at] ?? 0] ?? NaN;
    if (value !== value) {
      low[at] = high[at] = 0xffffffff;
      continue;
    }
    number[0] = down ? -value + 0 : value + 0;
    const sign = bits[1] ?? 0;
    const flip = sign >>> 31 ? 0xffffffff : 0;
    low[at] = (bits[0] ?? 0) ^ flip;
    high[at] = sign ^ (flip || 0x80000000);
  }
  return [low, high];
}

/** One stable pass over one digit; false where all rows have the same digit and nothing was to be done. */
function scatter(keys: Uint32Array, shift: number, { from, to }: { from: Int32Array; to: Int32Array }): boolean {
  const places = new Uint32Array(BUCKETS + 1);
  for (let at = 0; at < keys.length; at++) {
    const digit = ((keys[at] ?? 0) >>> shift) & (BUCKETS - 1);
    places[digit + 1] = (places[digit + 1] ?? 0) + 1;
  }
  const first = (((keys[0] ?? 0) >>> shift) & (BUCKETS - 1)) + 1;
  if (places[first] === keys.length) return false;
  for (let digit = 0; digit < BUCKETS; digit++) places[digit + 1] = (places[digit + 1] ?? 0) + (places[digit] ?? 0);
  for (let at = 0; at < from.length; at++) {
    const row = from[at] ?? 0;
    const digit = ((keys[row] ?? 0) >>> shift) & (BUCKETS - 1);
    const place = places[digit] ?? 0;
    places[digit] = place + 1;
    to[place] = row;
  }
  return true;
}
