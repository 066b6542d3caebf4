import type { Facts } from './facts';

/** How many completions are generated together, and from what that follows. All in completions, not prompts. */
export interface Batch {
  readonly perDevice: number;
  readonly world: number;
  readonly steps: number;
  readonly generation: number;
  /** The arithmetic for people: `8 × 6 × 2 = 96 completions`. */
  readonly shown: string;
  /** Keys that would change it. */
  readonly from: readonly string[];
}

const STEPS = 'steps_per_generation';
const SIZE = 'generation_batch_size';

/**
 * The generation batch as the trainers of Hugging Face's family work it out (`trl/trainer/grpo_config.py:1076`,
 * `swift/rlhf_trainers/args_mixin.py:205`): the size that was set, else per device × processes × steps, where steps are
 * the gradient accumulation steps unless set. Undefined where a part is not known or the size does not divide.
 */
export function batchOf(facts: Facts, world: number | undefined): Batch | undefined {
  const perDevice = facts.number('per_device_train_batch_size');
  if (perDevice === undefined || world === undefined || perDevice * world <= 0) return undefined;
  const size = facts.value(SIZE);
  const each = perDevice * world;
  if (typeof size === 'number') {
    const steps = size / each;
    return Number.isInteger(steps)
      ? { perDevice, world, steps, generation: size, shown: `generation_batch_size = ${size}`, from: [SIZE] }
      : undefined;
  }
  const set = facts.value(STEPS);
  const by = set === null ? 'gradient_accumulation_steps' : STEPS;
  const steps = set === null ? (facts.value(by) ?? 1) : set;
  if (size === undefined || typeof steps !== 'number') return undefined;
  const generation = each * steps;
  const shown = `${perDevice} × ${world} × ${steps} = ${generation} completions`;
  return { perDevice, world, steps, generation, shown, from: ['per_device_train_batch_size', by] };
}
