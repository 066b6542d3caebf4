/** One number that is measured again and again; smaller is better. A bench file exports `figures: readonly Figure[]`. */
export interface Figure {
  readonly name: string;
  readonly unit: string;
  /** The most that it may be, in `unit`. */
  readonly budget?: number;
  /** How often it is measured; the median counts. 5 unless told. */
  readonly runs?: number;
  run(): Promise<number>;
  /** What it is compared with, measured the same way in the same run; `most` is the largest share of its time allowed. */
  readonly peer?: { readonly name: string; run(): Promise<number>; readonly most?: number };
}

/** How long `work` takes, in milliseconds. */
export async function milliseconds(work: () => unknown): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}
