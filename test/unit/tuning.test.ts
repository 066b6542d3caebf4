import { expect, test } from 'vitest';
import { otherTuning, withoutEmptyLines } from '../../src/domain/frameworks/tuning';
import { judged, said } from './check';

function turned(text: string, language = 'shellscript'): string {
  const [one] = judged(text, { language });
  const fix = one && otherTuning(one);
  if (!fix) return text;
  const { changes } = withoutEmptyLines(text, fix);
  return [...changes]
    .sort((a, b) => b.span.start - a.span.start)
    .reduce((whole, { span, text: by }) => whole.slice(0, span.start) + by + whole.slice(span.end), text);
}

const lora = `NPROC_PER_NODE=4 swift rlhf \\
    --rlhf_type grpo \\
    --model Qwen/Qwen2.5-VL-3B-Instruct \\
    --dataset train.jsonl \\
    --reward_funcs accuracy \\
    --tuner_type lora \\
    --lora_rank 8 \\
    --lora_alpha 32 \\
    --learning_rate 1e-5 \\
    --per_device_train_batch_size 4 \\
    --num_generations 8
`;

test('from adapters to all weights with ZeRO-3, and back', () => {
  const full = turned(lora);
  expect(full).toBe(`NPROC_PER_NODE=4 swift rlhf \\
    --rlhf_type grpo \\
    --model Qwen/Qwen2.5-VL-3B-Instruct \\
    --dataset train.jsonl \\
    --reward_funcs accuracy \\
    --tuner_type full \\
    --learning_rate 1e-6 \\
    --per_device_train_batch_size 4 \\
    --num_generations 8 --deepspeed zero3
`);
  expect(said(full)).toEqual(said(lora));
  const back = turned(full);
  expect(back).toContain('--tuner_type lora');
  expect(back).toContain('--num_generations 8 --lora_rank 16 --lora_alpha 32');
  expect(back).not.toContain('--deepspeed');
});

test('in files, in the words of older versions, and not where it means nothing', () => {
  expect(turned('rlhf_type: grpo\ntrain_type: full\nlearning_rate: 1e-6\ndeepspeed: zero3\nmodel: a\n', 'yaml')).toBe(
    'rlhf_type: grpo\ntrain_type: lora\nlearning_rate: 1e-5\nmodel: a\nlora_rank: 16\nlora_alpha: 32\n',
  );
  const other = 'python3 -m verl.trainer.main_ppo data.train_files=a\n';
  expect(turned(other)).toBe(other);
});
