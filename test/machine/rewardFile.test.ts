import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { rewardFileOf } from '../../src/machine/rewards/rewardFile';

describe('the reward file of expectations', () => {
  const found: [string, string, string][] = [
    ['qwenvl-own', 'dual_reward', 'rewards.py'],
    ['swift-vlm-puzzle', 'vlm_puzzle', 'rewards.py'],
    ['verl-gad', 'compute_score', 'reward.py'],
    ['easyr1-vqa', 'vqa_reward', 'utils/reward_function/vqa_reward.py'],
  ];
  it.each(found)('%s: %s', async (folder, reward, file) => {
    const expectations = resolve('examples', folder, 'rewards.expect.jsonl');
    expect(await rewardFileOf(expectations, reward)).toBe(resolve('examples', folder, file));
  });

  it('says that none defines it', async () => {
    const expectations = resolve('examples/verl-gad/rewards.expect.jsonl');
    await expect(rewardFileOf(expectations, 'nowhere')).rejects.toThrow(
      /rewards\.py nor a Python file near it defines "nowhere"/,
    );
  });
});
