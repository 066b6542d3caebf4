import { describe, expect, it } from 'vitest';
import { said } from './check';

describe('what TRL’s own script asks for is not asked of others', () => {
  const start = '--model_name_or_path m --dataset_name d --per_device_train_batch_size 1 --num_generations 8';

  it.each<[string, string, string | undefined, string[]]>([
    ['its own script', `trl grpo ${start}`, undefined, ['trl.reward_source_required trl grpo']],
    ['a script of the same name', `torchrun --nproc_per_node 4 src/open_r1/grpo.py ${start}`, undefined, []],
    [
      'the old trainer',
      `accelerate launch --num_processes 4 -m trl.scripts.grpo ${start} --reward_funcs my.own`,
      '0.16.0',
      ['trl.old_batch_rule 8'],
    ],
    ['a trainer of one’s own', `torchrun --nproc_per_node 4 src/open_r1/grpo.py ${start}`, '0.16.0', []],
    [
      'before the rule',
      `accelerate launch --num_processes 4 -m trl.scripts.grpo ${start} --reward_funcs my.own`,
      '0.14.0',
      [],
    ],
  ])('%s', (_name, text, version, expected) => {
    const rules = /^trl\.(reward|old_batch)/;
    expect(said(text, version === undefined ? {} : { version }).filter((one) => rules.test(one))).toEqual(expected);
  });

  it.each<[string, string[]]>([
    ['model_name_or_path: m\nreward_funcs: [accuracy]\nnum_generations: 8\n', ['trl.reward_func_path [accuracy]']],
    ['model_name_or_path: m\nreward_funcs: [accuracy]\nnum_generations: 8\nsystem_prompt: x\n', []],
  ])('a file with keys that TRL has not is for another script: %s', (text, expected) => {
    expect(said(text, { language: 'yaml' }).filter((one) => one.includes('reward_func'))).toEqual(expected);
  });

  it.each<[string, string[]]>([
    ['temprature: 0.9\n', ['unknown-key temprature']],
    ['num_generatoins: 8\n', ['unknown-key num_generatoins']],
    ['system_prompt: x\nreward_weight: 1\ndataset_names: y\n', []],
  ])('a slip is doubted where a script of one’s own may have the key: %s', (text, expected) => {
    const file = `model_name_or_path: m\nnum_generations: 8\nmax_completion_length: 512\n${text}`;
    expect(said(file, { language: 'yaml' }).filter((one) => one.startsWith('unknown-key'))).toEqual(expected);
  });
});
