import type { Facts } from '../facts';
import { fixOf } from '../rule';
import type { RewardUse } from '../../rewards/rewardUse';
import { numbersOf, textsOf } from '../rewardParts';

/** Names of `trl.rewards` that `trl grpo --reward_funcs` knows (trl/scripts/grpo.py:55 @ f2cd57710). */
const BUILT_IN = [
  'accuracy_reward',
  'reasoning_accuracy_reward',
  'think_format_reward',
  'get_soft_overlong_punishment',
];

/** `trl grpo --reward_funcs module.name …`, and its files. */
export function trlRewards(facts: Facts): RewardUse | undefined {
  const dotted = textsOf(facts.list('reward_funcs'));
  if (!dotted) return undefined;
  const modules = dotted.filter((name) => name.includes('.')).map((name) => name.slice(0, name.lastIndexOf('.')));
  const weights = numbersOf(facts.list('reward_weights'));
  return {
    framework: 'trl',
    files: [...new Set(modules)].map((module) => `${module.replaceAll('.', '/')}.py`),
    names: dotted.map((name) => name.split('.').pop() ?? name),
    others: 0,
    builtIn: BUILT_IN,
    keywords: {},
    settings: {},
    ...(weights ? { weights } : {}),
    withWeights: (wanted) => fixOf({ path: 'reward_weights', value: wanted }, facts),
  };
}
