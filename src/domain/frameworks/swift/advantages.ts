import {
  centred,
  dividedBy,
  normalised,
  spread,
  totals,
  type AdvantageVariant,
  type RewardBatch,
} from '../../rollouts/advantage';
import { nanMean, nanStd } from '../../statistics';

const EPS = 1e-4;
const SOURCE = 'modelscope/ms-swift:swift/rl_core/advantage.py:21 @ 4.6.0.dev0';

type Baseline = (group: readonly number[]) => number[];

/** All-None counts as 0 here: the sum is a nansum (:65). */
function rewards(batch: RewardBatch): number[][] {
  return totals(batch, 0);
}

/** r·K/(K−1) − mean·K/(K−1); a group of one is only centred. */
function leaveOneOut(group: readonly number[]): number[] {
  const k = group.length;
  return centred(group).map((value) => (k > 1 ? (value * k) / (k - 1) : value));
}

function byGroup(batch: RewardBatch, baseline: Baseline): number[][] {
  return rewards(batch).map((group) => {
    const scale = spread(group) + EPS;
    return baseline(group).map((value) => value / scale);
  });
}

function byBatch(batch: RewardBatch, baseline: Baseline): number[][] {
  const groups = rewards(batch);
  return dividedBy(groups.map(baseline), spread(groups.flat()) + EPS);
}

/** Each component normalised within its group with 1e-8, NaN as 0, weighted, summed, normalised over the batch. */
function gdpo(batch: RewardBatch): number[][] {
  const summed = batch.groups.map((group) => {
    const columns = batch.weights.map((_, k) =>
      normalised(
        group.map((components) => components[k] ?? NaN),
        1e-8,
      ),
    );
    return group.map((_, i) =>
      columns.reduce((sum, column, k) => sum + (batch.weights[k] ?? 1) * nanToZero(column[i]), 0),
    );
  });
  const flat = summed.flat();
  const centre = nanMean(flat);
  return dividedBy(
    summed.map((group) => group.map((value) => value - centre)),
    nanStd(flat) + 1e-8,
  );
}

function nanToZero(value: number | undefined): number {
  return value === undefined || Number.isNaN(value) ? 0 : value;
}

/** REINFORCE++ scales by the spread of the advantages, not of the rewards (:80). */
function plusPlus(batch: RewardBatch, scale: 'group' | 'batch'): number[][] {
  const groups = rewards(batch).map(centred);
  if (scale === 'batch') return dividedBy(groups, spread(groups.flat()) + EPS);
  return groups.map((group) => group.map((value) => value / (spread(group) + EPS)));
}

const variant = (id: string, label: string, of: AdvantageVariant['of']): AdvantageVariant => ({
  id,
  label,
  of,
  source: SOURCE,
});

/** ms-swift's advantages: `advantage_estimator` × `scale_rewards`, without KL in the reward (it is not recorded). */
export const swiftAdvantages: readonly AdvantageVariant[] = [
  variant('grpo.group', 'grpo, scale_rewards = group', (batch) => byGroup(batch, centred)),
  variant('grpo.batch', 'grpo, scale_rewards = batch', (batch) => byBatch(batch, centred)),
  variant('grpo.none', 'grpo, scale_rewards = none', (batch) => rewards(batch).map(centred)),
  variant('grpo.gdpo', 'grpo, scale_rewards = gdpo', gdpo),
  variant('rloo.none', 'rloo, scale_rewards = none', (batch) => rewards(batch).map(leaveOneOut)),
  variant('rloo.group', 'rloo, scale_rewards = group', (batch) => byGroup(batch, leaveOneOut)),
  variant('rloo.batch', 'rloo, scale_rewards = batch', (batch) => byBatch(batch, leaveOneOut)),
  variant('reinforce_plus_plus.batch', 'reinforce_plus_plus, scale_rewards = batch', (batch) =>
    plusPlus(batch, 'batch'),
  ),
  variant('reinforce_plus_plus.group', 'reinforce_plus_plus, scale_rewards = group', (batch) =>
    plusPlus(batch, 'group'),
  ),
  variant('reinforce_plus_plus.none', 'reinforce_plus_plus, scale_rewards = none', (batch) =>
    rewards(batch).map(centred),
  ),
];
