import { totals, weighted, withoutSignal, type RewardBatch } from './advantage';
import { correlation, nanMean, nanStd, nanSum } from '../statistics';

/** What a set of recorded groups can teach, as exact arithmetic: no model, no time axis, no forecast. */
export interface Signal {
  readonly groups: number;
  /** Groups whose rewards do not differ; of these, all at the best and all at the worst total seen. */
  readonly withoutSignal: number;
  readonly allBest: number;
  readonly allWorst: number;
  /** Groups with a spread above 0 but below 0.05, which dividing by the spread amplifies. */
  readonly tinySpread: number;
  /** One per component: its share of the within-group variance of the total; NaN where nothing varies. */
  readonly shares: readonly number[];
  /** Within-group correlation of total and length; NaN where one does not vary. */
  readonly lengthCorrelation: number;
}

const TINY = 0.05;

/** `lengths[g][i]` in the shape of the batch, in any unit of length. */
export function signalOf(batch: RewardBatch, lengths: readonly (readonly number[])[]): Signal {
  const sums = totals(batch, NaN);
  const flat = sums.flat().filter((value) => !Number.isNaN(value));
  const best = Math.max(...extremes(flat, Math.max));
  const worst = Math.min(...extremes(flat, Math.min));
  const still = sums.filter(withoutSignal);
  return {
    groups: sums.length,
    withoutSignal: still.length,
    allBest: best > worst ? still.filter((group) => group[0] === best).length : 0,
    allWorst: best > worst ? still.filter((group) => group[0] === worst).length : 0,
    tinySpread: sums.filter((group) => !withoutSignal(group) && nanStd(group) < TINY).length,
    shares: shares(batch, sums),
    lengthCorrelation: correlation(within(sums), within(ofScored(lengths, sums))),
  };
}

/** Folds in slices: spreading a million values into one call overflows the stack. */
function extremes(values: readonly number[], pick: (...slice: number[]) => number): number[] {
  const found: number[] = [];
  for (let at = 0; at < values.length; at += 10_000) found.push(pick(...values.slice(at, at + 10_000)));
  return found;
}

/** The lengths of what has a total; NaN for the rest. */
function ofScored(lengths: readonly (readonly number[])[], sums: readonly (readonly number[])[]): number[][] {
  return lengths.map((group, g) => group.map((length, i) => (Number.isNaN(sums[g]?.[i]) ? NaN : length)));
}

/** Every value less its group's mean, in one list; NaN stays and counts in no mean. */
function within(groups: readonly (readonly number[])[]): number[] {
  return groups.flatMap((group) => {
    const centre = nanMean(group);
    return group.map((value) => value - centre);
  });
}

/** Covariance of component and total over variance of the total: the shares sum to 1. */
function shares(batch: RewardBatch, sums: readonly (readonly number[])[]): number[] {
  const total = within(sums);
  const variance = nanSum(total.map((value) => value * value));
  return batch.weights.map((weight, k) => {
    const column = within(
      batch.groups.map((group) => group.map((components) => weighted([components[k] ?? NaN], [weight]))),
    );
    const covariance = nanSum(column.map((value, index) => value * (total[index] ?? NaN)));
    return variance > 0 ? covariance / variance : NaN;
  });
}
