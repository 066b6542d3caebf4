import { expect, it } from 'vitest';
import { findings, said } from './check';

const SWIFT = 'swift rlhf --rlhf_type grpo --model Qwen/Qwen2.5-VL-3B-Instruct --dataset train.jsonl';

it.each<[string, string[]]>([
  ['--temperature -1', ['out-of-range -1']],
  ['--temperature 0', []],
  ['--top_p 1.4', ['out-of-range 1.4']],
  ['--top_p 1', []],
  ['--repetition_penalty 0', ['out-of-range 0']],
  ['--learning_rate=-1e-6', ['out-of-range -1e-6']],
  ['--lora_dropout 2', ['out-of-range 2']],
  ['--adam_beta2 1.0', ['out-of-range 1.0']],
  ['--temperature $T', []],
])('swift: %s', (flags, expected) => {
  expect(said(`${SWIFT} ${flags}`).filter((one) => one.startsWith('out-of-range'))).toEqual(expected);
});

it.each<[string, string, string[]]>([
  [
    'yaml',
    'worker:\n  rollout:\n    gpu_memory_utilization: 1.6\n    n: 5\nalgorithm:\n  adv_estimator: grpo\n',
    ['1.6'],
  ],
  ['shellscript', 'python3 -m verl.trainer.main_ppo actor_rollout_ref.rollout.gpu_memory_utilization=60', ['60']],
  ['shellscript', 'python3 -m verl.trainer.main_ppo actor_rollout_ref.actor.optim.lr=-1', ['-1']],
])('in %s: %s', (language, text, expected) => {
  const found = findings(text, { language }).filter(({ rule }) => rule === 'out-of-range');
  expect(found.map(({ span, weight }) => [text.slice(span.start, span.end), weight])).toEqual(
    expected.map((word) => [word, 'warning']),
  );
});

it('says what it must be, and who refuses others', () => {
  const [found] = findings(`${SWIFT} --top_p 1.4`).filter(({ rule }) => rule === 'out-of-range');
  expect(found?.text).toBe(
    'top_p is 1.4; it must be at least 0 and at most 1: others are refused when the first completions are sampled.',
  );
});
