import {
  centred,
  dividedBy,
  normalised,
  totals,
  type AdvantageVariant,
  type RewardBatch,
} from '../../rollouts/advantage';
import { nanMean, nanStd } from '../../statistics';

const EPS = 1e-4;
const SOURCE = 'huggingface/trl:trl/trainer/grpo_trainer.py:2681 @ 1.10.0.dev0';

/** A completion that no reward could score has reward NaN, stays out of the baseline, and gets advantage 0 (:2676, :2731). */
function zeroed(groups: readonly (readonly number[])[]): number[][] {
  return groups.map((group) => group.map((value) => (Number.isNaN(value) ? 0 : value)));
}

function rewards(batch: RewardBatch): number[][] {
  return totals(batch, NaN);
}

function byBatch(batch: RewardBatch): number[][] {
  const groups = rewards(batch);
  const flat = groups.flat();
  return zeroed(dividedBy(groups.map(centred), (flat.length > 1 ? nanStd(flat) : 0) + EPS));
}

/** Each component normalised within its group, then summed, then normalised over the batch (:2710). */
function normalizeThenSum(batch: RewardBatch): number[][] {
  const sums = batch.groups.map((group) => {
    const columns = batch.weights.map((_, k) =>
      normalised(
        group.map((components) => components[k] ?? NaN),
        EPS,
      ),
    );
    return group.map((_, i) => columns.map((column) => column[i] ?? NaN));
  });
  const summed = totals({ groups: sums, weights: batch.weights }, NaN);
  const unscorable = rewards(batch);
  const known = summed.map((group, g) =>
    group.map((value, i) => (Number.isNaN(unscorable[g]?.[i]) ? NaN : nanToZero(value))),
  );
  const flat = known.flat();
  const centre = nanMean(flat);
  const scale = (flat.length > 1 ? nanStd(flat) : 0) + EPS;
  return zeroed(known.map((group) => group.map((value) => (value - centre) / scale)));
}

function nanToZero(value: number): number {
  return Number.isNaN(value) ? 0 : value;
}

/** TRL's advantages: `scale_rewards` and `multi_objective_aggregation`. The losses (grpo, dapo, dr_grpo …) do not change them. */
export const trlAdvantages: readonly AdvantageVariant[] = [
  {
    id: 'group',
    label: 'scale_rewards = group (GRPO, DAPO)',
    of: (batch) => zeroed(rewards(batch).map((group) => normalised(group, EPS))),
    source: SOURCE,
  },
  { id: 'batch', label: 'scale_rewards = batch', of: byBatch, source: SOURCE },
  {
    id: 'none',
    label: 'scale_rewards = none (Dr. GRPO)',
    of: (batch) => zeroed(rewards(batch).map(centred)),
    source: SOURCE,
  },
  {
    id: 'normalize_then_sum',
    label: 'multi_objective_aggregation = normalize_then_sum (GDPO)',
    of: normalizeThenSum,
    source: SOURCE,
  },
];
