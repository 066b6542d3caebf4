import { describe, expect, it } from 'vitest';
import { fixed, said } from './check';

const START = 'python3 -m verl.trainer.main_ppo ';
/** What makes a command complete, so that a case shows its own finding only. */
const said1 = (words: string): string[] => said(START + words).filter((finding) => !/^verl\./.test(finding));

describe('verl’s keys as Hydra takes them', () => {
  it.each<[string, string[]]>([
    ["algorithm.adv_estimator=grpo data.train_files=\"['a','b']\"", []],
    ['actor_rollout_ref.rollout.m=8', ['unknown-key actor_rollout_ref.rollout.m']],
    ['+actor_rollout_ref.rollout.n=8', ['superfluous-plus +actor_rollout_ref.rollout.n']],
    ['++actor_rollout_ref.rollout.n=8', []],
    [
      'actor_rollout_ref.rollout.engine_kwargs.vllm.swap_space=4',
      ['missing-plus actor_rollout_ref.rollout.engine_kwargs.vllm.swap_space'],
    ],
    ['+actor_rollout_ref.rollout.engine_kwargs.vllm.swap_space=4', []],
    [
      'actor_rollout_ref.actor.checkpoint.save_lora_only=True',
      ['missing-plus actor_rollout_ref.actor.checkpoint.save_lora_only'],
    ],
    [
      'actor_rollout_ref.actor.megatron.tensor_model_parallel_size=2',
      ['unknown-key actor_rollout_ref.actor.megatron.tensor_model_parallel_size'],
    ],
    ['model_engine=megatron actor_rollout_ref.actor.megatron.tensor_model_parallel_size=2', []],
    ['--config-name=ppo_megatron_trainer actor_rollout_ref.actor.megatron.tensor_model_parallel_size=2', []],
    [
      'actor_rollout_ref.actor.model_engine=megatron actor_rollout_ref.actor.megatron.tensor_model_parallel_size=2',
      ['unknown-key actor_rollout_ref.actor.model_engine'],
    ],
    ['trainer.balance_batch=True', ['inert-key trainer.balance_batch']],
    ['trainer.use_v1=False trainer.balance_batch=True', ['deprecated-key trainer.use_v1']],
    ['custom_reward_function.path=r.py', ['inert-key custom_reward_function.path']],
    ['hydra.run.dir=out actor@actor_rollout_ref.actor=x', []],
    ['algorithm.adv_estimator=gpro', ['bad-choice gpro']],
    ['data.train_batch_size=many', ['bad-type many']],
    ['data.train_batch_size=$N', []],
    ['~data.nonsense', ['unknown-key data.nonsense']],
  ])('%s', (words, expected) => expect(said1(words)).toEqual(expected));

  it.each<[string, string, string]>([
    [
      'actor_rollout_ref.rollout.engine_kwargs.vllm.x=4',
      'missing-plus',
      '+actor_rollout_ref.rollout.engine_kwargs.vllm.x=4',
    ],
    ['+data.train_batch_size=4', 'superfluous-plus', 'data.train_batch_size=4'],
    ['actor_rollout_ref.actor.grad_clip=1', 'inert-key', 'actor_rollout_ref.actor.optim.clip_grad=1'],
    ['data.train_batchsize=4', 'unknown-key', 'data.train_batch_size=4'],
  ])('%s: %s is mended', (words, rule, expected) => expect(fixed(START + words, rule)).toBe(START + expected));

  it('other programs of the same family read what main_ppo does not', () => {
    const words = 'algorithm.adv_estimator=grpo reward_model.reward_manager=dapo trainer.balance_batch=True';
    expect(said(`python3 -m verl.experimental.fully_async_policy.fully_async_main ${words}`)).toEqual([]);
  });

  it('a fork that counts a group elsewhere is not told of groups of one', () => {
    const words = 'algorithm.adv_estimator=grpo actor_rollout_ref.rollout.n=1';
    expect(said(START + words).join()).toContain('verl.adv.grpo_single');
    expect(said(`${START}${words} actor_rollout_ref.rollout.n_agent=5`).join()).not.toContain('verl.adv.grpo_single');
  });

  it('a check is said for the releases that have it', () => {
    const words = 'actor_rollout_ref.actor.ppo_micro_batch_size=8 actor_rollout_ref.rollout.name=vllm';
    const rule = /static_per_gpu_set/;
    expect(said(START + words).some((one) => rule.test(one))).toBe(true);
    expect(said(START + words, { version: '0.7.1' }).some((one) => rule.test(one))).toBe(false);
  });

  it('other programs may register estimators of their own', () => {
    const words = 'algorithm.adv_estimator=mt_grpo actor_rollout_ref.rollout.n=8';
    expect(said(`python3 -m my_tool.trainer.main_ppo ${words}`)).toEqual([]);
    expect(said1(words)).toEqual(['bad-choice mt_grpo']);
  });

  it('other programs of the same family may add keys', () => {
    expect(said('python3 -m recipe.dapo.main_dapo algorithm.adv_estimator=grpo +x.y=1 algorithm.own_key=2')).toEqual(
      [],
    );
  });
});

describe('beside a configuration of one’s own, a slip is doubted', () => {
  it.each<[string, string[]]>([
    ['actor_rollout_ref.rolout.n=8', ['unknown-key actor_rollout_ref.rolout.n']],
    ['actor_rollout_ref.rollout.n_agent=8 my.own=1 +trainer.mine=2', []],
  ])('%s', (words, expected) => {
    const text = `python3 -m verl.trainer.main_ppo --config-path=./config --config-name=mine ${words}`;
    expect(said(text).filter((one) => one.startsWith('unknown-key'))).toEqual(expected);
  });

  it('Hydra’s own keys are none of a mapping’s', () => {
    const text =
      'actor_rollout_ref:\n  rollout:\n    n: 8\nalgorithm:\n  adv_estimator: grpo\n  kl_ctrl:\n    _target_: x\n';
    expect(said(text, { language: 'yaml' }).filter((one) => one.startsWith('unknown-key'))).toEqual([]);
    const slip = text.replace('n: 8', 'temprature: 1');
    expect(said(slip, { language: 'yaml' })).toContain('unknown-key temprature');
    expect(fixed(slip, 'unknown-key', { language: 'yaml' })).toBe(text.replace('n: 8', 'temperature: 1'));
  });
});
