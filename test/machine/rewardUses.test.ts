import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { misuses } from '../../src/domain/rewards/rewardUse';
import { usesOf, type FoundUse } from '../../src/machine/rewards/rewardUses';

async function uses(files: Record<string, string>, file = 'rewards.py'): Promise<readonly FoundUse[]> {
  const root = mkdtempSync(join(tmpdir(), 'grpo-lens-test-'));
  for (const [name, text] of Object.entries({ 'pyproject.toml': '', ...files })) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text);
  }
  return usesOf(join(root, file));
}

/** The text after its fix. */
function fixed({ config, use }: FoundUse, weights: readonly number[]): string {
  let text = readFileSync(config, 'utf8');
  for (const { span, text: by } of use.withWeights?.(weights)?.changes ?? [])
    text = text.slice(0, span.start) + by + text.slice(span.end);
  return text;
}

test.each([
  [
    'easyr1-vqa/utils/reward_function/vqa_reward.py',
    '../../config/config.yaml',
    ['vqa_reward'],
    { format_weight: 0.5 },
  ],
  ['swift-clevr/plugin.py', 'train.sh', ['clevr_count', 'format'], {}],
  ['trl-count/rewards.py', 'train_grpo.py', ['accuracy_reward', 'format_reward'], {}],
  ['swift-vlm-puzzle/rewards.py', 'train_lora.sh', ['vlm_puzzle'], {}],
  ['verl-gad/reward.py', 'train_stock.sh', ['compute_score'], {}],
])('%s is trained with by %s', async (file, config, names, keywords) => {
  const found = (await usesOf(resolve('examples', file))).find(({ name }) => name === config);
  expect(found?.use.names).toEqual(names);
  expect(found?.use.keywords).toEqual(keywords);
});

test('weights are read and written as each text writes them', async () => {
  const check = async (name: string, text: string, weights: readonly number[] | undefined, expected: string) => {
    const found = await uses({ [name]: text, 'rewards.py': '' });
    expect(
      found.map(({ use }) => use.weights),
      text,
    ).toEqual([weights]);
    expect(found[0] && fixed(found[0], [1, 0.25])).toBe(expected);
  };
  const swift = 'swift rlhf --rlhf_type grpo --external_plugins rewards.py \\\n  --reward_funcs a b';
  await check('run.sh', `${swift} --reward_weights 1 0.5`, [1, 0.5], `${swift} --reward_weights 1 0.25`);
  await check('run.sh', `${swift}`, undefined, `${swift} --reward_weights 1 0.25`);
  const yaml = 'rlhf_type: grpo\nexternal_plugins: [rewards.py]\ntuner_type: lora\nreward_funcs: [a, b]';
  await check('run.yaml', `${yaml}\nreward_weights: [1, 2]\n`, [1, 2], `${yaml}\nreward_weights: [1,0.25]\n`);
  const trl =
    'from rewards import a, b\nfrom trl import GRPOConfig\nGRPOTrainer(reward_funcs=[a, b], args=GRPOConfig(beta=0.1';
  await check('run.py', `${trl}, reward_weights=[1.0, 2.0]))`, [1, 2], `${trl}, reward_weights=[1, 0.25]))`);
  await check(
    'run.py',
    `${trl}))`,
    undefined,
    `${trl.replace('GRPOConfig(b', 'GRPOConfig(reward_weights=[1, 0.25], b')}))`,
  );
  const cli = 'trl grpo --reward_funcs rewards.a rewards.b';
  await check('run.sh', `${cli} --reward_weights 1 2`, [1, 2], `${cli} --reward_weights 1 0.25`);
});

test('keywords, names and arguments of every call', async () => {
  const [verl] = await uses({
    'run.sh':
      'python3 -m verl.trainer.main_ppo reward.custom_reward_function.path=rewards.py reward.custom_reward_function.name=mine +reward.custom_reward_function.reward_kwargs.scale=2.5',
    'rewards.py': '',
  });
  expect(verl?.use).toMatchObject({ names: ['mine'], keywords: { scale: 2.5 } });
  const [swift] = await uses(
    {
      'run.sh': 'swift rlhf --rlhf_type grpo --external_plugins plug/rewards.py --reward_funcs a --cosine_max_len 99',
      'plug/rewards.py': '',
    },
    'plug/rewards.py',
  );
  expect(swift?.use.settings).toMatchObject({ cosine_max_len: 99 });
});

test('what does not go together is said', async () => {
  const said = async (text: string): Promise<string[]> => {
    const [found] = await uses({ 'run.sh': text, 'rewards.py': '' });
    const rewards = [
      { name: 'A', registered: ['a'] },
      { name: 'B', registered: ['b'] },
    ];
    return found
      ? misuses(found.use, found.name, rewards).map(({ rule, reward, text }) => `${rule} ${reward ?? ''}: ${text}`)
      : ['none'];
  };
  const swift = 'swift rlhf --rlhf_type grpo --external_plugins rewards.py --reward_funcs';
  expect(await said(`${swift} a b format`)).toEqual([]);
  expect(await said(`${swift} a b --reward_weights 1`)).toEqual([
    'weights A: run.sh gives 1 weight for 2 rewards: give one for each.',
  ]);
  expect(await said(`${swift} a c`)).toEqual([
    'unregistered : run.sh asks for the reward c, which this file does not have; it has a, b.',
  ]);
  expect(await said('python3 -m verl.trainer.main_ppo custom_reward_function.path=rewards.py')).toEqual([
    'unregistered : run.sh asks for the reward compute_score, which this file does not have; it has a, b.',
  ]);
});
