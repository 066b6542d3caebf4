/** How rewards of a group become advantages. */
export interface AdvantageVariant {
  readonly id: string;
  readonly label: string;
  /** Rewards of one group (weighted sums, in row order) → advantages, same length. */
  readonly of: (rewards: readonly number[], batch: readonly number[]) => number[];
  /** `repo:path:line @ version` of the formula. */
  readonly source: string;
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Standard deviation with ddof 1, as `torch.std` has it; NaN for fewer than two values. */
export function std(values: readonly number[]): number {
  if (values.length < 2) return NaN;
  const centre = mean(values);
  const squares = values.reduce((sum, value) => sum + (value - centre) ** 2, 0);
  return Math.sqrt(squares / (values.length - 1));
}

/** (r − mean) / (std + eps) over the group; the constant of TRL and ms-swift is 1e-4. */
export function groupNormalised(rewards: readonly number[], eps = 1e-4): number[] {
  const centre = mean(rewards);
  const spread = std(rewards);
  return rewards.map((reward) => (reward - centre) / ((Number.isNaN(spread) ? 0 : spread) + eps));
}

/** A group whose rewards do not differ teaches nothing. TRL calls it so below 1e-8 (`is_std_zero`: `torch.isclose`). */
export function withoutSignal(rewards: readonly number[]): boolean {
  return rewards.length > 0 && Math.max(...rewards) - Math.min(...rewards) < 1e-8;
}
