import { totals, withoutSignal, type RewardBatch } from './advantage';
import { signalOf } from './signal';

/** What the recorded completions of one run tell about settings. */
export interface Answers {
  readonly completions: number;
  readonly groups: number;
  /** Completions in each recorded group. */
  readonly size: number;
  /** Share of groups without signal if groups had `n` completions; `exact` up to the recorded size. */
  readonly still: readonly { readonly n: number; readonly share: number; readonly exact: boolean }[];
  /** Of each reward, in the order of the record: its share of what tells completions of a group apart. */
  readonly shares: readonly { readonly name: string; readonly share: number }[];
}

const SIZES = [2, 4, 8, 16, 32];

/** `lengths`: of every completion, in the shape of the batch's groups, in any unit. */
export function answersOf(
  batch: RewardBatch,
  names: readonly string[],
  lengths: readonly (readonly number[])[],
): Answers {
  const sums = totals(batch, NaN);
  const sizes = sums.map((group) => group.length);
  const size = Math.max(0, ...sizes.slice(0, 10_000));
  const { shares } = signalOf(batch, lengths);
  return {
    completions: sizes.reduce((all, one) => all + one, 0),
    groups: sums.length,
    size,
    still: SIZES.map((n) => ({ n, share: stillAt(sums, n, size), exact: n <= size })),
    shares: names.map((name, k) => ({ name, share: shares[k] ?? NaN })),
  };
}

const mean = (values: readonly number[]): number =>
  values.reduce((all, one) => all + one, 0) / Math.max(1, values.length);

/** Share of groups without signal at `n`: exact up to the recorded size, beyond on the line through half of it and it, both logarithmic. */
function stillAt(sums: readonly (readonly number[])[], n: number, size: number): number {
  if (n <= size) return mean(sums.filter((group) => group.length >= n).map((group) => stillness(group, n)));
  const [half, whole] = [stillAt(sums, Math.max(2, Math.floor(size / 2)), size), stillAt(sums, size, size)];
  return half > 0 && size > 2 ? whole * (whole / half) ** Math.log2(n / size) : whole;
}

/** The chance that `n` completions drawn from a group without putting back all got the same total (hypergeometric). */
function stillness(group: readonly number[], n: number): number {
  if (n === group.length) return withoutSignal(group) ? 1 : 0;
  const counts = new Map<number, number>();
  for (const value of group) counts.set(value, (counts.get(value) ?? 0) + 1);
  let chance = 0;
  for (const same of counts.values()) {
    let all = 1;
    for (let at = 0; at < n; at++) all *= Math.max(0, same - at) / (group.length - at);
    chance += all;
  }
  return chance;
}

/** How many completions a limit in tokens would cut, by `tokens` of each. */
export function cutBy(limit: number, tokens: Float64Array): { readonly share: number; readonly of: number } {
  let [cut, of] = [0, 0];
  for (const length of tokens) {
    if (Number.isNaN(length)) continue;
    of++;
    if (length > limit) cut++;
  }
  return { share: of === 0 ? NaN : cut / of, of };
}
