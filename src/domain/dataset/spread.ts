/** How often each length stands in a set, gathered exactly and shown in bars. */
export class Lengths {
  readonly #counts = new Map<number, number>();

  add(length: number): void {
    this.#counts.set(length, (this.#counts.get(length) ?? 0) + 1);
  }

  spread(limit?: number): Spread | undefined {
    const sorted = [...this.#counts].sort(([a], [b]) => a - b);
    const [first, last] = [sorted[0]?.[0], sorted.at(-1)?.[0]];
    if (first === undefined || last === undefined) return undefined;
    const width = Math.max(1, Math.ceil((last + 1 - first) / BARS));
    const bars = Array.from({ length: Math.ceil((last + 1 - first) / width) }, () => 0);
    for (const [length, count] of sorted) {
      const at = Math.floor((length - first) / width);
      bars[at] = (bars[at] ?? 0) + count;
    }
    const rows = sorted.reduce((sum, [, count]) => sum + count, 0);
    const over =
      limit === undefined ? 0 : sorted.reduce((sum, [length, count]) => sum + (length > limit ? count : 0), 0);
    return {
      first,
      width,
      bars,
      rows,
      last,
      middle: middleOf(sorted, rows),
      over,
      ...(limit === undefined ? {} : { limit }),
    };
  }
}

const BARS = 30;

/** Bars of equal width: bar `n` counts lengths from `first + n · width` on. */
export interface Spread {
  readonly first: number;
  readonly last: number;
  readonly middle: number;
  readonly width: number;
  readonly bars: readonly number[];
  readonly rows: number;
  readonly limit?: number;
  /** Rows beyond the limit. */
  readonly over: number;
}

function middleOf(sorted: readonly (readonly [number, number])[], rows: number): number {
  let seen = 0;
  for (const [length, count] of sorted) {
    seen += count;
    if (seen * 2 >= rows) return length;
  }
  return 0;
}
