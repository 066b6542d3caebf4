import { estimateMemory, gigabytes, type MemoryPlan } from '../config/memory';

/** GPUs by their names, in bytes as their makers count. */
const gpuBytes: Readonly<Record<string, number>> = {
  H200: 141e9,
  H100: 80e9,
  'A100 80 GB': 80e9,
  'A100 40 GB': 40e9,
  L40S: 48e9,
  'RTX 4090': 24e9,
};

export interface MemoryText {
  /** One line. */
  readonly title: string;
  /** The arithmetic, a line each. */
  readonly lines: readonly string[];
  readonly fits: boolean;
}

/** What an update takes of one GPU, in words; `measured`: what the last run of this configuration held at most. */
export function memoryText(plan: MemoryPlan, gpu: string, measured?: number): MemoryText {
  const whole = gpuBytes[gpu] ?? 141e9;
  const { bytes, parts } = estimateMemory(plan, whole);
  const fits = bytes < whole;
  const small = parts.filter((part) => part.bytes >= 5e7);
  const shown = small.map((part) => `${part.name} ${gigabytes(part.bytes).replace(' GB', '')}`).join(' + ');
  const head = fits
    ? `≈ ${gigabytes(bytes)} of the ${gpu}'s ${gigabytes(whole)}`
    : `≈ ${gigabytes(bytes)}: more than the ${gpu}'s ${gigabytes(whole)}`;
  const before = measured === undefined ? '' : ` · its last run held ${gigabytes(measured)}`;
  const instead = fits ? [] : smaller(plan, whole);
  const advice = instead.length > 0 ? ` · less by ${instead.join(', ')}` : '';
  return {
    title: `${head} (approximate): ${shown}${before}${advice}`,
    lines: [
      `${head} for an update, approximate: ${trust(plan)}`,
      `network: ${(plan.network.parameters / 1e9).toPrecision(3)} B weights, by ${plan.network.from}`,
      ...parts.map((part) => `${part.name}: ${part.how} = ${gigabytes(part.bytes)}`),
      ...(measured === undefined ? [] : [`the last run of this configuration held ${gigabytes(measured)} at most`]),
      ...(instead.length > 0 ? [`less by ${instead.join(', ')}`] : []),
    ],
    fits,
  };
}

function trust({ zero, gpus, engineShare, cost: { error } }: MemoryPlan): string {
  const measured = `on one H200, within ${error.largest} % of ${error.updates} updates of ${error.by} (${error.mean} % on average)`;
  const beyond = (zero > 0 && gpus > 1) || engineShare > 0;
  return beyond ? `${measured}; splitting and engine are added by arithmetic alone` : measured;
}

/** Changes that would make it fit, with what each would take. */
function smaller(plan: MemoryPlan, whole: number): string[] {
  const ways: readonly (readonly [string, Partial<MemoryPlan>])[] = [
    ['gradient checkpointing', { checkpointing: true }],
    ['half the batch per device', { perDevice: Math.max(1, Math.floor(plan.perDevice / 2)) }],
    ['LoRA', { trained: Math.min(plan.trained, 0.01), reference: false }],
    ...(plan.gpus > 1 ? [[`ZeRO-3 over ${plan.gpus} GPUs`, { zero: 3, masterWeights: true }] as const] : []),
  ];
  const now = estimateMemory(plan, whole).bytes;
  return ways.flatMap(([name, change]) => {
    const { bytes } = estimateMemory({ ...plan, ...change }, whole);
    return bytes < now * 0.97 ? [`${name} (${gigabytes(bytes)})`] : [];
  });
}
