import type { Facts } from '../facts';
import type { RewardUse } from '../../rewards/rewardUse';
import { below } from '../rewardParts';

/** `worker.reward.reward_function: file.py:name` (`main` without one) and its keywords (verl/workers/reward/config.py:26 @ b44b311). */
export function easyr1Rewards(facts: Facts): RewardUse | undefined {
  const written = facts.given('worker.reward.reward_function')
    ? facts.text('worker.reward.reward_function')
    : undefined;
  if (written === undefined) return undefined;
  const [file = '', name = 'main'] = written.split(':');
  return {
    framework: 'easyr1',
    files: [file],
    names: [name],
    others: 0,
    builtIn: [],
    keywords: below(facts, 'worker.reward.reward_function_kwargs'),
    settings: {},
  };
}
