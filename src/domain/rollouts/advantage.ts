import { nanMean, nanStd, nanSum } from '../statistics';

/** The rewards of one step as the trainer holds them. */
export interface RewardBatch {
  /** `groups[g][i][k]`: component `k` of completion `i` of group `g`; NaN for None and NaN. */
  readonly groups: readonly (readonly (readonly number[])[])[];
  /** One weight per component. */
  readonly weights: readonly number[];
}

/** How rewards of a group become advantages. */
export interface AdvantageVariant {
  readonly id: string;
  readonly label: string;
  /** Advantages, `[g][i]`, in the shape of the batch; NaN where the trainer's own would be NaN. */
  readonly of: (batch: RewardBatch) => number[][];
  /** `repo:path:line @ version` of the formula. */
  readonly source: string;
}

/** Weighted sum of one completion's components, None and NaN left out. */
export function weighted(components: readonly number[], weights: readonly number[]): number {
  return nanSum(components.map((value, k) => value * (weights[k] ?? 1)));
}

/** Every completion's weighted sum, `[g][i]`; `unscorable` where all components are missing. */
export function totals(batch: RewardBatch, unscorable: number): number[][] {
  return batch.groups.map((group) =>
    group.map((components) => (components.every(Number.isNaN) ? unscorable : weighted(components, batch.weights))),
  );
}

/** r − mean of its group. */
export function centred(group: readonly number[]): number[] {
  const centre = nanMean(group);
  return group.map((reward) => reward - centre);
}

/** Standard deviation of a group as the trainers use it: 0 for a group of one. */
export function spread(group: readonly number[]): number {
  return group.length > 1 ? nanStd(group) : 0;
}

/** (r − mean) / (std + eps) within the group. */
export function normalised(group: readonly number[], eps: number): number[] {
  const scale = spread(group) + eps;
  return centred(group).map((value) => value / scale);
}

/** Divides every group by one number. */
export function dividedBy(groups: readonly (readonly number[])[], scale: number): number[][] {
  return groups.map((group) => group.map((value) => value / scale));
}

/** Only the best completion of a group learns: (best − second best) / scale; the first of equals. */
export function bestOnly(group: readonly number[], scale: number): number[] {
  const best = Math.max(...group);
  const at = group.indexOf(best);
  const second = Math.max(...group.filter((_, index) => index !== at));
  return group.map((_, index) => (index === at ? (best - second) / scale : 0));
}

/** A group whose rewards do not differ teaches nothing; 1e-8 is `torch.isclose`'s tolerance at zero. */
export function withoutSignal(rewards: readonly number[]): boolean {
  return !(spread(rewards) > 1e-8);
}
