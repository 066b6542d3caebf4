import { bestOnly, centred, spread, totals, type AdvantageVariant } from '../../rollouts/advantage';

const EPS = 1e-6;
const SOURCE = 'hiyouga/EasyR1:verl/trainer/core_algos.py:175 @ 0.3.3.dev0';

const variant = (id: string, of: (group: readonly number[]) => number[]): AdvantageVariant => ({
  id,
  label: `adv_estimator = ${id}`,
  of: (batch) => totals(batch, NaN).map((group) => (group.length > 1 ? of(group) : group.map(() => NaN))),
  source: SOURCE,
});

function scaled(group: readonly number[]): number[] {
  const scale = spread(group) + EPS;
  return centred(group).map((value) => value / scale);
}

/** EasyR1's outcome advantages; each asserts `rollout.n > 1`, so a group of one has none. */
export const easyr1Advantages: readonly AdvantageVariant[] = [
  variant('grpo', scaled),
  variant('grpo_passk', (group) => bestOnly(group, spread(group) + EPS)),
  variant('rloo', (group) => centred(group).map((value) => (value * group.length) / (group.length - 1))),
];
