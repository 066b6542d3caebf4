import type { Facts } from '../facts';
import type { RewardUse } from '../../rewards/rewardUse';
import { below } from '../rewardParts';

/** The new key and the one before 0.7.1 (verl/trainer/ppo/reward.py:60 @ 1dda039b9). */
const KEYS = ['reward.custom_reward_function', 'custom_reward_function'] as const;

/** `reward.custom_reward_function.{path,name,reward_kwargs}`. */
export function verlRewards(facts: Facts): RewardUse | undefined {
  const key = KEYS.find((one) => facts.text(`${one}.path`) !== undefined && facts.given(`${one}.path`));
  if (key === undefined) return undefined;
  const path = facts.text(`${key}.path`) ?? '';
  return {
    framework: 'verl',
    files: [path],
    names: [facts.text(`${key}.name`) ?? 'compute_score'],
    others: 0,
    builtIn: [],
    keywords: below(facts, `${key}.reward_kwargs`),
    settings: {},
  };
}
