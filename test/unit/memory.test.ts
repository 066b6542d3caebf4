import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { architectureIn, architectureOf } from '../../src/domain/config/architecture';
import {
  bareUpdate,
  estimateMemory,
  trainerUpdate,
  type MemoryPlan,
  type UpdateCost,
} from '../../src/domain/config/memory';

/** One measured update (`test/recordings/README.md`). */
interface Measured {
  readonly size: string;
  readonly batch: number;
  readonly prompt: number;
  readonly completion: number;
  readonly checkpointing: boolean;
  readonly weights: 'bf16' | 'fp32';
  readonly parameters: number;
  readonly trainable: number;
  readonly reference?: boolean;
  readonly used: number;
  readonly total: number;
}

function measuredIn(file: string): Measured[] {
  const lines = readFileSync(`test/recordings/memory/${file}`, 'utf8').trim().split('\n');
  return lines.map((line) => JSON.parse(line) as Measured);
}

function planOf(one: Measured, cost = bareUpdate): MemoryPlan {
  const network = architectureOf(`Qwen2.5-${one.size}`);
  if (!network) throw new Error(one.size);
  return {
    network: { ...network, parameters: one.parameters },
    perDevice: one.batch,
    promptLength: one.prompt,
    completionLength: one.completion,
    checkpointing: one.checkpointing,
    trained: one.trainable / one.parameters,
    weightBytes: one.weights === 'bf16' ? 2 : 4,
    gpus: 1,
    zero: 0,
    masterWeights: false,
    reference: one.reference ?? false,
    offloadOptimizer: false,
    offloadWeights: false,
    engineShare: 0,
    cost,
  };
}

test.each<[string, UpdateCost]>([
  ['h200.jsonl', bareUpdate],
  ['trl-h200.jsonl', trainerUpdate],
])('the error that is stated is the error against the measured updates: %s', (file, cost) => {
  const measured = measuredIn(file);
  const errors = measured.map(
    (one) => Math.abs(estimateMemory(planOf(one, cost), one.total).bytes / one.used - 1) * 100,
  );
  const mean = errors.reduce((all, one) => all + one, 0) / errors.length;
  const stated = { updates: errors.length, largest: Math.ceil(Math.max(...errors)), mean: Math.ceil(mean) };
  expect(cost.error).toMatchObject(stated);
});

test('the parts sum to the whole, and splitting makes them smaller', () => {
  const [one] = measuredIn('h200.jsonl');
  if (!one) throw new Error('nothing was measured');
  const plan = { ...planOf(one), masterWeights: true, gpus: 8 };
  const sizes = ([0, 1, 2, 3] as const).map((zero) => estimateMemory({ ...plan, zero }, one.total));
  for (const { bytes, parts } of sizes) expect(parts.reduce((sum, part) => sum + part.bytes, 0)).toBeCloseTo(bytes, 0);
  expect(sizes.map(({ bytes }) => bytes)).toEqual([...sizes.map(({ bytes }) => bytes)].sort((a, b) => b - a));
});

test('a network is known by its name, by the size in it, or by its config.json', () => {
  expect(architectureOf('Qwen/Qwen2.5-VL-3B-Instruct')?.parameters).toBe(3.75e9);
  expect(architectureOf('Qwen/Qwen2.5-Math-7B')?.hidden).toBe(3584);
  expect(architectureOf('someone/model-13B-chat')).toMatchObject({ parameters: 13e9, hidden: 5120 });
  expect(architectureOf('./merged_model')).toBeUndefined();
  const config = {
    hidden_size: 896,
    num_hidden_layers: 24,
    intermediate_size: 4864,
    vocab_size: 151936,
    num_attention_heads: 14,
    num_key_value_heads: 2,
    tie_word_embeddings: true,
  };
  expect(Math.round((architectureIn(JSON.stringify(config))?.parameters ?? 0) / 1e6)).toBe(494);
  expect(architectureIn('{"hidden_size": 896}')).toBeUndefined();
  expect(architectureIn('nonsense')).toBeUndefined();
  expect(architectureIn(JSON.stringify({ ...config, num_experts: 128 }))).toBeUndefined();
});
