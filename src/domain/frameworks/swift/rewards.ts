import type { Facts } from '../facts';
import { fixOf } from '../rule';
import type { RewardUse } from '../../rewards/rewardUse';
import { BUILT_IN, rewardCount } from './rewardRules';
import { numbersOf, settingsOf, textsOf } from '../rewardParts';

/** `--external_plugins`, `--reward_funcs`, `--reward_weights` (swift/rlhf_trainers/grpo_trainer.py:2205 @ 3602360a5). */
export function swiftRewards(facts: Facts): RewardUse | undefined {
  const names = textsOf(facts.list('reward_funcs'));
  const files = textsOf(facts.list('external_plugins')) ?? [];
  if (!facts.given('reward_funcs') && files.length === 0) return undefined;
  const weights = numbersOf(facts.list('reward_weights'));
  return {
    framework: 'swift',
    files,
    ...(names ? { names } : {}),
    others: (rewardCount(facts) ?? names?.length ?? 0) - (names?.length ?? 0),
    builtIn: [...BUILT_IN],
    keywords: {},
    settings: settingsOf(facts),
    ...(weights ? { weights } : {}),
    withWeights: (wanted) => fixOf({ path: 'reward_weights', value: wanted }, facts),
  };
}
