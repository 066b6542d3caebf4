import { batchOf } from '../frameworks/batch';
import type { Facts } from '../frameworks/facts';
import { processes } from '../frameworks/world';
import type { Value } from '../config/parameter';

/** One key as it will hold, and whether it came from the text itself, from a file that the text names, or by default. */
export interface ComposedSetting {
  readonly path: string;
  /** Undefined where only running would tell. */
  readonly value: Value | undefined;
  readonly from: 'text' | 'file' | 'default';
}

/** The settings in force: what was written, the last word on each; with `defaults` also what nobody wrote. */
export function composed(facts: Facts, defaults: boolean): ComposedSetting[] {
  const written = new Map<string, ComposedSetting>();
  for (const [path, { from }] of facts.written) {
    written.set(path, { path, value: facts.value(path), from: from ? 'file' : 'text' });
  }
  if (!defaults) return [...written.values()];
  const rest = facts.catalogue.parameters.filter(
    ({ path, needsPlus, only }) => !written.has(path) && !needsPlus && only !== 'megatron',
  );
  return [
    ...written.values(),
    ...rest.map(({ path }) => ({ path, value: facts.value(path), from: 'default' as const })),
  ];
}

/** What follows from the batch settings, where they tell: completions generated together and steps they feed. */
export function effective(facts: Facts): Readonly<Record<string, number>> {
  if (!facts.parameter('generation_batch_size')) return facts.judged.framework.sizes?.(facts) ?? {};
  const batch = batchOf(facts, processes(facts));
  if (!batch) return {};
  return { generation_batch_size: batch.generation, steps_per_generation: batch.steps, num_processes: batch.world };
}
