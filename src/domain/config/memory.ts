import type { Architecture } from './architecture';

/** What decides how much memory one GPU needs for an update. Batches count completions, lengths tokens. */
export interface MemoryPlan {
  readonly network: Architecture;
  readonly perDevice: number;
  readonly promptLength: number;
  readonly completionLength: number;
  readonly checkpointing: boolean;
  /** Share of the weights that is trained: 1, or that of the adapters. */
  readonly trained: number;
  /** Bytes of a weight. */
  readonly weightBytes: 2 | 4;
  readonly gpus: number;
  /** ZeRO's stage; 0: every GPU holds everything. Sharded: fully sharded, master weights in 32 bits. */
  readonly zero: 0 | 1 | 2 | 3;
  readonly masterWeights: boolean;
  /** A second network that is not trained. */
  readonly reference: boolean;
  readonly offloadOptimizer: boolean;
  readonly offloadWeights: boolean;
  /** Share of the GPU that a rollout engine on the same GPU holds while the weights are updated. */
  readonly engineShare: number;
  readonly cost: UpdateCost;
}

/** What depends on who updates, fitted to measured updates on one H200 (`test/recordings/memory`). */
export interface UpdateCost {
  /** Held for each logit, by the bytes of a weight. */
  readonly logitBytes: Readonly<Record<2 | 4, number>>;
  /** Copies of what is trained that the optimizer's step makes. */
  readonly stepCopies: number;
  /** What the allocator holds, over what is in use at the most. */
  readonly slack: number;
  /** Of the estimate against those updates, in percent, and who made them. */
  readonly error: { readonly updates: number; readonly by: string; readonly largest: number; readonly mean: number };
}

export interface MemoryPart {
  readonly name: string;
  readonly bytes: number;
  /** The arithmetic, for people. */
  readonly how: string;
}

export interface MemoryEstimate {
  readonly bytes: number;
  readonly parts: readonly MemoryPart[];
}

/** Of a loop with nothing but the network, its loss and its optimizer: the least that a trainer can take. */
export const bareUpdate: UpdateCost = {
  logitBytes: { 2: 8, 4: 11 },
  stepCopies: 1,
  slack: 1.05,
  error: { updates: 34, by: 'a bare loop', largest: 16, mean: 4 },
};

/** Of whole GRPO steps by TRL's trainer: it keeps more of each logit, steps in place, and its sampling leaves gaps. */
export const trainerUpdate: UpdateCost = {
  logitBytes: { 2: 17.5, 4: 17.5 },
  stepCopies: 0,
  slack: 1.16,
  error: { updates: 12, by: 'a trainer', largest: 9, mean: 4 },
};

/** Held by CUDA itself, measured: 0.81 GB. */
const CONTEXT = 0.81e9;
/**
 * The most that one GPU holds during an update, as sums whose factors were fitted to measured updates of Qwen2.5
 * architectures (0.5 B to 7 B, torch 2.11, transformers 5.17, TRL 1.9.0, one H200): bytes a logit by who updates; with
 * checkpointing 2 bytes × layers × tokens × hidden and one layer's work; without, 8.3 hidden + 4.4 intermediate (adapters:
 * 15.4 and 5.6) a layer and token. Splitting by ZeRO follows its paper (arXiv 1910.02054, section 3).
 */
export function estimateMemory(plan: MemoryPlan, gpuBytes: number): MemoryEstimate {
  const still = staticParts(plan);
  const update = sum([...still.weights, ...still.gradients, ...still.optimizer, ...still.step]);
  const moving = [...activations(plan), logits(plan)];
  const backward = sum([...still.weights, ...still.optimizer, ...moving]);
  const largest = update > backward ? [...still.gradients, ...still.step] : moving;
  const parts = [...still.weights, ...still.optimizer, ...largest];
  const used = sum(parts) * plan.cost.slack;
  const engine = plan.engineShare * gpuBytes;
  const shared: MemoryPart[] =
    engine > 0 ? [{ name: 'rollout engine', bytes: engine, how: `${plan.engineShare} of the GPU` }] : [];
  const rest = {
    name: 'CUDA and fragments',
    bytes: CONTEXT + used - sum(parts),
    how: `0.8 GB and ${Math.round((plan.cost.slack - 1) * 100)} %`,
  };
  const all = [...parts, ...shared, rest].filter(({ bytes }) => bytes > 0);
  return { bytes: sum(all), parts: all };
}

const sum = (parts: readonly MemoryPart[]): number => parts.reduce((all, { bytes }) => all + bytes, 0);

interface Still {
  readonly weights: readonly MemoryPart[];
  readonly gradients: readonly MemoryPart[];
  readonly optimizer: readonly MemoryPart[];
  readonly step: readonly MemoryPart[];
}

function staticParts(plan: MemoryPlan): Still {
  const { network, trained, weightBytes, gpus, zero, masterWeights, reference } = plan;
  const n = network.parameters;
  const t = n * trained;
  const split = (from: number): number => (zero >= from ? gpus : 1);
  const over = (from: number): string => (split(from) > 1 ? ` / ${gpus} GPUs` : '');
  const part = (name: string, bytes: number, how: string): MemoryPart => ({ name, bytes, how });
  const states = masterWeights ? 12 : 2 * weightBytes;
  const kept = plan.offloadWeights ? 0 : 1;
  return {
    weights: [
      part('weights', (kept * n * weightBytes) / split(3), `${count(n)} × ${weightBytes} bytes${over(3)}`),
      ...(reference
        ? [part('reference', (kept * n * weightBytes) / split(3), `${count(n)} × ${weightBytes} bytes${over(3)}`)]
        : []),
    ],
    gradients: [part('gradients', (t * weightBytes) / split(2), `${count(t)} × ${weightBytes} bytes${over(2)}`)],
    optimizer: plan.offloadOptimizer
      ? []
      : [part('optimizer', (t * states) / split(1), `${count(t)} × ${states} bytes${over(1)}`)],
    step:
      masterWeights || plan.cost.stepCopies === 0
        ? []
        : [part('optimizer step', t * weightBytes, `${count(t)} × ${weightBytes} bytes`)],
  };
}

function activations(plan: MemoryPlan): MemoryPart[] {
  const { network, perDevice, promptLength, completionLength, checkpointing, trained } = plan;
  const { hidden, layers, intermediate } = network;
  const tokens = perDevice * (promptLength + completionLength);
  const shown = `${perDevice} × (${promptLength} + ${completionLength}) tokens`;
  if (checkpointing) {
    const bytes = 2 * tokens * (layers * hidden + 2.5 * intermediate);
    return [{ name: 'activations', bytes, how: `${shown} × ${layers} layers × ${hidden} × 2 bytes, checkpointed` }];
  }
  const [a, b] = trained < 1 ? [15.4, 5.6] : [8.3, 4.4];
  const bytes = 2 * tokens * layers * (a * hidden + b * intermediate);
  return [
    {
      name: 'activations',
      bytes,
      how: `${shown} × ${layers} layers × (${a} × ${hidden} + ${b} × ${intermediate}) × 2 bytes`,
    },
  ];
}

function logits({ network, perDevice, completionLength, weightBytes, cost }: MemoryPlan): MemoryPart {
  const each = cost.logitBytes[weightBytes];
  const bytes = perDevice * completionLength * network.vocabulary * each;
  return {
    name: 'logits',
    bytes,
    how: `${perDevice} × ${completionLength} × ${network.vocabulary} words × ${each} bytes`,
  };
}

/** `3.09 B`, `29.9 M`. */
function count(n: number): string {
  return n >= 1e9 ? `${(n / 1e9).toPrecision(3)} B` : `${(n / 1e6).toPrecision(3)} M`;
}

/** `38 GB`, `6.2 GB`: in 10^9 bytes, as makers of GPUs count. */
export function gigabytes(bytes: number): string {
  const all = bytes / 1e9;
  return `${all >= 10 ? Math.round(all) : all.toFixed(1)} GB`;
}
