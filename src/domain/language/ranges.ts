import type { Finding } from '../config/finding';
import type { Parameter } from '../config/parameter';
import type { Setting } from '../config/sheet';

/** Numbers that everything takes which reads a parameter of this name. */
interface Range {
  readonly least?: number;
  readonly above?: number;
  readonly most?: number;
  readonly below?: number;
  /** Who refuses others, and when. */
  readonly refused: string;
}

const SAMPLING = 'others are refused when the first completions are sampled';
const ENGINE = 'vLLM refuses others when its engine starts';
const OPTIMIZER = 'others are refused when the optimizer is made';
const DROPOUT = 'others are refused when the adapter is made';

/**
 * By the last part of a parameter's path. Only what no reader takes: a temperature of 0 is greedy to vLLM and refused by
 * transformers, so it stands.
 * vllm-project/vllm:vllm/sampling_params.py SamplingParams._verify_args and vllm/config/cache.py @ 00388f6 and c1d8642;
 * transformers:src/transformers/generation/logits_process.py:290,360,547 @ 5.23.0;
 * pytorch:torch/optim/adam.py:60-68 and torch/nn/modules/dropout.py:26 @ 2.15.0
 */
const RANGES: Readonly<Record<string, Range>> = {
  temperature: { least: 0, refused: SAMPLING },
  top_p: { least: 0, most: 1, refused: SAMPLING },
  min_p: { least: 0, most: 1, refused: SAMPLING },
  repetition_penalty: { above: 0, refused: SAMPLING },
  gpu_memory_utilization: { above: 0, most: 1, refused: ENGINE },
  vllm_gpu_memory_utilization: { above: 0, most: 1, refused: ENGINE },
  learning_rate: { least: 0, refused: OPTIMIZER },
  lr: { least: 0, refused: OPTIMIZER },
  weight_decay: { least: 0, refused: OPTIMIZER },
  adam_beta1: { least: 0, below: 1, refused: OPTIMIZER },
  adam_beta2: { least: 0, below: 1, refused: OPTIMIZER },
  lora_dropout: { least: 0, most: 1, refused: DROPOUT },
};

/** A number that nothing takes as this parameter; a warning, since the settings themselves are read without a word. */
export function outOfRange(setting: Setting, { path, type }: Parameter): Finding[] {
  if (type.kind !== 'float' && type.kind !== 'int') return [];
  const range = RANGES[path.slice(path.lastIndexOf('.') + 1)];
  const value = Number(setting.value ?? NaN);
  if (!range || setting.value === '' || setting.value === null || Number.isNaN(value) || holds(range, value)) return [];
  const text = `${path} is ${String(setting.value as string | number)}; it must be ${words(range)}: ${range.refused}.`;
  return [{ span: setting.valueSpan ?? setting.key, weight: 'warning', rule: 'out-of-range', key: path, text }];
}

function holds({ least, above, most, below }: Range, value: number): boolean {
  return (
    value >= (least ?? -Infinity) &&
    value > (above ?? -Infinity) &&
    value <= (most ?? Infinity) &&
    value < (below ?? Infinity)
  );
}

function words({ least, above, most, below }: Range): string {
  const from = least === undefined ? `above ${above}` : `at least ${least}`;
  const to = most === undefined ? (below === undefined ? [] : [`below ${below}`]) : [`at most ${most}`];
  return [from, ...to].join(' and ');
}
