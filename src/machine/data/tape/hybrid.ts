/** The most bytes that so many values may take. */
export function hybridMost(count: number, width: number): number {
  return Math.ceil(count / 8) * (width + 1) + 16;
}

/**
 * Small numbers as parquet writes levels and indexes: runs of one value, and groups of eight packed by bits. Gives the end.
 * Format: parquet-format Encodings.md, "Run Length Encoding / Bit-Packing Hybrid" @ 2.11.
 */
export function hybrid(
  values: Uint8Array | Int32Array,
  count: number,
  width: number,
  [out, start]: [Buffer, number],
): number {
  let end = start;
  for (let at = 0; at < count;) {
    const run = runAt(values, at, count);
    if (run >= 8 || at + run === count) {
      end = varint(out, end, run * 2);
      const value = values[at] ?? 0;
      for (let shift = 0; shift < width; shift += 8) out[end++] = (value >>> shift) & 255;
      at += run;
      continue;
    }
    const groups = groupsAt(values, at, count);
    end = varint(out, end, groups * 2 + 1);
    end = packed(values, [at, Math.min(count, at + groups * 8)], width, [out, end]);
    at += groups * 8;
  }
  return end;
}

function runAt(values: Uint8Array | Int32Array, from: number, to: number): number {
  const first = values[from];
  let at = from + 1;
  while (at < to && values[at] === first) at += 1;
  return at - from;
}

/** Groups of eight before the next run that is worth one. */
function groupsAt(values: Uint8Array | Int32Array, from: number, to: number): number {
  let at = from + 8;
  while (at < to && runAt(values, at, Math.min(to, at + 16)) < 16) at += 8;
  return (at - from) >> 3;
}

function packed(
  values: Uint8Array | Int32Array,
  [from, to]: [number, number],
  width: number,
  [out, start]: [Buffer, number],
): number {
  let [end, held, bits] = [start, 0, 0];
  const stop = from + Math.ceil((to - from) / 8) * 8;
  for (let at = from; at < stop; at++) {
    held |= (at < to ? (values[at] ?? 0) : 0) << bits;
    bits += width;
    while (bits >= 8) {
      out[end++] = held & 255;
      held >>>= 8;
      bits -= 8;
    }
  }
  return end;
}

/** A number in groups of seven bits; gives the end. */
export function varint(out: Uint8Array, start: number, value: number): number {
  let [end, rest] = [start, value];
  for (; rest >= 128; rest >>>= 7) out[end++] = (rest & 127) | 128;
  out[end++] = rest;
  return end;
}

/** How many bits numbers up to this take. */
export function widthOf(most: number): number {
  return 32 - Math.clz32(most);
}
