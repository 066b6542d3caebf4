import { bestOnly, centred, spread, totals, type AdvantageVariant, type RewardBatch } from '../../rollouts/advantage';

const EPS = 1e-6;
const SOURCE = 'verl-project/verl:verl/trainer/ppo/core_algos.py:268 @ 0.10.0.dev';

/** A missing reward is an error in verl, not a number: it stays NaN, and so does its group. */
function rewards(batch: RewardBatch): number[][] {
  return totals(batch, NaN);
}

/** With n = 1 the raw score is the advantage: mean 0, std 1 (:312). */
function grpo(group: readonly number[]): number[] {
  if (group.length === 1) return group.map((reward) => reward / (1 + EPS));
  const scale = spread(group) + EPS;
  return centred(group).map((value) => value / scale);
}

function withoutStd(group: readonly number[]): number[] {
  return group.length === 1 ? [...group] : centred(group);
}

function leaveOneOut(group: readonly number[]): number[] {
  const k = group.length;
  return k === 1 ? [...group] : centred(group).map((value) => (value * k) / (k - 1));
}

function passk(group: readonly number[]): number[] {
  return group.length < 2 ? group.map(() => NaN) : bestOnly(group, spread(group) + EPS);
}

const variant = (id: string, label: string, of: (group: readonly number[]) => number[]): AdvantageVariant => ({
  id,
  label,
  of: (batch) => rewards(batch).map((group) => of(group)),
  source: SOURCE,
});

/** Centred, and scaled by how many of the batch's rewards are not 0 (:790). */
function gpg(batch: RewardBatch): number[][] {
  const groups = rewards(batch);
  const all = groups.flat();
  const alpha = all.length / Math.max(1, all.filter((reward) => reward !== 0).length);
  return groups.map((group) => withoutStd(group).map((value) => alpha * value));
}

/** verl's outcome advantages that depend on nothing but the rewards; the whitened ones need the token masks. */
export const verlAdvantages: readonly AdvantageVariant[] = [
  variant('grpo', 'adv_estimator = grpo (or grpo_vectorized)', grpo),
  variant('grpo_no_std', 'grpo, norm_adv_by_std_in_grpo = False (Dr. GRPO)', withoutStd),
  variant('grpo_passk', 'adv_estimator = grpo_passk', passk),
  variant('rloo', 'adv_estimator = rloo (or rloo_vectorized)', leaveOneOut),
  { id: 'gpg', label: 'adv_estimator = gpg', of: gpg, source: SOURCE },
];
