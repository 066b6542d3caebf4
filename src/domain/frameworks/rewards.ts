import type { Judged } from '../language/resolve';
import { factsOf } from '../language/compose';
import type { RewardUse } from '../rewards/rewardUse';
import { easyr1Rewards } from './easyr1/rewards';
import type { Facts } from './facts';
import type { FrameworkId, Surroundings } from './framework';
import { swiftRewards } from './swift/rewards';
import { trlRewards } from './trl/rewards';
import { verlRewards } from './verl/rewards';

const ALL: Readonly<Partial<Record<FrameworkId, (facts: Facts) => RewardUse | undefined>>> = {
  easyr1: easyr1Rewards,
  verl: verlRewards,
  swift: swiftRewards,
  trl: trlRewards,
};

/** What a sheet says of rewards, with the files that it names; undefined where it says nothing of them. */
export function rewardUse(judged: Judged, around: Surroundings): RewardUse | undefined {
  return ALL[judged.framework.id]?.(factsOf(judged, around));
}

/** Files of our Python that hold what a framework knows by name, with the names. */
export const builtInFiles: Readonly<
  Partial<Record<FrameworkId, { readonly file: string; readonly names: readonly string[] }>>
> = {
  swift: {
    file: 'frameworks/swift_builtin.py',
    names: ['accuracy', 'format', 'react_format', 'cosine', 'repetition', 'soft_overlong'],
  },
};
