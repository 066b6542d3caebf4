import { describe, expect, test } from 'vitest';
import { loadGrammars } from '../../src/machine/config/grammars';
import { findings, judged, said } from './check';

const json = (value: unknown): string => JSON.stringify(value, undefined, 2);
const yaml = { language: 'yaml' };

describe("DeepSpeed's own file", () => {
  const check = (value: unknown, ...expected: string[]): void =>
    expect(said(json(value), { language: 'json' })).toEqual(expected);

  test('auto is fine everywhere; the rest is checked', () => {
    check({
      train_batch_size: 'auto',
      train_micro_batch_size_per_gpu: 'auto',
      zero_optimization: { stage: 3 },
      bf16: { enabled: 'auto' },
    });
    check({ train_batch_size: 'auto', zero_optimization: { stage: 4 } }, 'bad-choice 4');
    check(
      { train_batch_size: 20, train_micro_batch_size_per_gpu: 8, gradient_accumulation_steps: 1 },
      'deepspeed.batch 20',
    );
    check({ bf16: { enabled: true }, fp16: { enabled: true } }, 'deepspeed.fp16_bf16 true');
    check(
      { train_batch_size: 'auto', zero_optimization: { stage: 2, offload_param: { device: 'cpu' } } },
      'deepspeed.offload_param "cpu"',
    );
    check({ name: 'package', version: '1' });
    check({ bf16: true, fp16: false, learning_rate: 1 });
  });
});

describe("accelerate's own file", () => {
  const whole = 'compute_environment: LOCAL_MACHINE\ndistributed_type: DEEPSPEED\nnum_processes: 4\n';
  test.each<[text: string, expected: readonly string[]]>([
    [`${whole}deepspeed_config:\n  zero_stage: 3\n  offload_param_device: none\n`, []],
    [`${whole}mixed_precison: bf16\n`, ['unknown-key mixed_precison']],
    [whole.replace('DEEPSPEED', 'DEEPSPED'), ['bad-choice DEEPSPED']],
    [`${whole}deepspeed_config:\n  deepspeed_config_file: ds.json\n  zero_stage: 3\n`, ['accelerate.deepspeed_file 3']],
  ])('%s', (text, expected) => expect(said(text, yaml)).toEqual(expected));
});

describe("peft's LoraConfig", () => {
  test.each<[call: string, expected: readonly string[]]>([
    ['r=16, lora_alpha=32, lora_dropout=0.05, target_modules="all-linear", task_type="CAUSAL_LM"', []],
    ['r=16, lora_alfa=32', ['unknown-key lora_alfa']],
    ['bias="some"', ['bad-choice "some"']],
    ['init_lora_weights="pissa_niter_16"', []],
    ['r=0', ['peft.rank 0']],
    ['lora_dropout=2', ['out-of-range 2']],
    ['target_modules=["q_proj"], layers_to_transform=[1]', []],
    ['target_modules=".*q_proj", layers_to_transform=[1]', ['peft.layers_to_transform [1]']],
    ['target_modules=".*q_proj", layers_pattern="h"', ['peft.layers_pattern "h"']],
    ['use_dora=True', []],
    ['use_dora=True, lora_bias=True', ['peft.dora_bias True']],
  ])('%s', async (call, expected) => {
    const text = `from peft import LoraConfig\nlora = LoraConfig(${call})\n`;
    expect(
      said(text, { language: 'python', grammars: await loadGrammars('node_modules/@vscode/tree-sitter-wasm/wasm') }),
    ).toEqual(expected);
  });
});

describe('what a trainer says and what its files say', () => {
  const command =
    'NPROC_PER_NODE=2 swift rlhf --rlhf_type grpo --model m --dataset d --reward_funcs accuracy --per_device_train_batch_size 4 --gradient_accumulation_steps 2 --num_generations 8 --deepspeed ds.json\n';
  const told = (value: unknown): string[] =>
    findings(command, { around: { file: () => json(value) } })
      .filter(({ rule }) => rule === 'swift.hf_deepspeed')
      .map(({ text }) => text);

  test('must be equal, unless the file leaves it to the trainer', () => {
    expect(told({ train_micro_batch_size_per_gpu: 'auto', train_batch_size: 'auto' })).toEqual([]);
    expect(told({ train_micro_batch_size_per_gpu: 4, train_batch_size: 16 })).toEqual([]);
    expect(told({ train_micro_batch_size_per_gpu: 8, train_batch_size: 32 })).toEqual([
      'ds.json says train_micro_batch_size_per_gpu = 8 where per_device_train_batch_size = 4, train_batch_size = 32 where 4 × 2 × 2 = 16: write "auto" there.',
    ]);
  });

  test('accelerate’s file tells how many processes there are', () => {
    const script =
      'accelerate launch --config_file a.yaml trl/scripts/grpo.py --per_device_train_batch_size 3 --num_generations 8\n';
    const around = { file: () => 'distributed_type: MULTI_GPU\nnum_processes: 4\n' };
    expect(judged(script)).toHaveLength(1);
    expect(said(script)).toEqual([]);
    expect(said(script, { around }).map((one) => one.split(' ')[0])).toEqual(['trl.gen_batch_div_num_generations']);
  });
});
