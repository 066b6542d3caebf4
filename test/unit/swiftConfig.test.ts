import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { hover } from '../../src/domain/language/hover';
import { slotAt } from '../../src/domain/language/slot';
import { suggest } from '../../src/domain/language/suggest';
import { findings, fixed, judged, said } from './check';

const example = (name: string): string =>
  readFileSync(new URL(`../../examples/swift-clevr/${name}`, import.meta.url), 'utf8');

const COMPLETE =
  'swift rlhf --rlhf_type grpo --model m --dataset d --reward_funcs format --per_device_train_batch_size 8 --log_completions true';

describe('ms-swift in a shell script', () => {
  it('the example in today’s keys has no finding', () => expect(said(example('train.sh'))).toEqual([]));

  it('the example of 2025 has the findings that its age deserves', () => {
    expect(said(example('train_2025.sh'))).toEqual([
      'swift.use_vllm_needs_mode true',
      'swift.context_budget 1024',
      'removed-key --vllm_device',
      'removed-key --train_type',
      'removed-key --num_infer_workers',
      'placeholder your_wandb_api_key',
    ]);
  });

  it('the same example was right for its own version', () => {
    expect(said(example('train_2025.sh'), { version: '3.2.2' })).toEqual([
      'swift.context_budget 1024',
      'placeholder your_wandb_api_key',
    ]);
  });

  it.each<[string, string]>([
    ['--num_generation 8', 'ambiguous-flag --num_generation'],
    ['--num_generatoins 8', 'unknown-key --num_generatoins'],
    ['--learning_rate fast', 'bad-type fast'],
    ['--max_completion_length 1e3', 'bad-type 1e3'],
    ['--loss_type grop', 'swift.loss_type_known grop'],
    ['--use_vllm maybe', 'bad-type maybe'],
    ['--beta', 'bad-type --beta'],
    ['--beta 0.1 --beta 0.2', 'duplicate-key --beta'],
    ['--max_new_tokens 3 --model_path x', 'removed-key --model_path'],
  ])('%s', (flags, expected) => expect(said(`swift rlhf --rlhf_type grpo ${flags}`)).toContain(expected));

  it.each([
    '--learning_r 1e-6',
    '--no_gradient_checkpointing',
    '--bf16 --use_vllm true --vllm_mode colocate',
    '--scale_rewards $SCALE',
    '--target_modules all-linear q_proj',
    '--use_liger true',
  ])('%s is accepted', (flags) => expect(said(`${COMPLETE} ${flags}`)).toEqual([]));

  it.each<[string, string, string]>([
    ['swift rlhf --num_generatoins 8', 'unknown-key', 'swift rlhf --num_generations 8'],
    ['swift rlhf --train_type lora', 'removed-key', 'swift rlhf --tuner_type lora'],
    ['swift rlhf --loss_type drgrpo', 'swift.loss_type_known', 'swift rlhf --loss_type dr_grpo'],
  ])('%s: %s is mended', (text, rule, expected) => expect(fixed(text, rule)).toBe(expected));

  it('other commands are left alone', () => {
    expect(findings('swift sft --nonsense 1\necho --nonsense\nmegatron rlhf --nonsense 1')).toEqual([]);
  });
});

describe('hover and suggestions', () => {
  it('tells what --num_generations is', () => {
    const text = example('train_2025.sh');
    const [one] = judged(text);
    const found = one && hover(one, text.indexOf('num_generations') + 3);
    expect(found && text.slice(found.span.start, found.span.end)).toBe('--num_generations');
    expect(found?.markdown).toContain('**num_generations** `int');
    expect(found?.markdown).toContain('Default: `8`');
    expect(found?.markdown).toContain('ms-swift 4.6.0.dev0');
  });

  it.each<[string, string, boolean]>([
    ['swift rlhf --num_gen|', '--num_generations', true],
    ['swift rlhf --beta 1 |', '--rlhf_type', true],
    ['swift rlhf --beta 1 --b|', '--beta', false],
    ['swift rlhf --loss_type |', 'dapo', true],
    ['swift rlhf --loss_type gr|', 'grpo', true],
    ['swift rlhf --use_vllm |', 'true', true],
    ['swift rlhf --reward_funcs |', 'accuracy', true],
    ['swift rlhf --torch_dtype |', 'None', true],
    ['swift rlhf --torch_dtype |', 'null', false],
  ])('%s → %s: %s', (marked, label, offered) => {
    const offset = marked.indexOf('|');
    const text = marked.replace('|', '');
    const all = judged(text);
    const slot = slotAt(
      all.map(({ sheet }) => sheet),
      text,
      offset,
    );
    const own = all.find(({ sheet }) => sheet === slot?.sheet);
    const labels = slot && own ? suggest(slot, own).map((one) => one.label) : [];
    expect(labels.includes(label)).toBe(offered);
  });
});
