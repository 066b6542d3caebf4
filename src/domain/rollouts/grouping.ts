import type { ScoreColumn } from './columns';
import type { Grouping } from './rollout';

/** Rows [from, to) that the trainer handled together: one step's rows of one file. */
export type Batch = readonly [from: number, to: number];

/** Advantages are float32 numbers of size about 1; a block's sum within this of zero, per row, is zero. */
const ZERO = 1e-4;

export interface GroupFacts {
  readonly batches: readonly Batch[];
  readonly advantage: ScoreColumn;
  /** `num_generations` of the run's own arguments. */
  readonly generations?: number;
}

/**
 * Groups by order: rows of a group stand together in blocks of `num_generations`, which TRL writes so
 * (`trl/trainer/grpo_trainer.py @ v1.9.0`, RepeatSampler). Proved by the run's arguments, else by the smallest block
 * above 1 whose advantages sum to zero in every step. Prompts prove nothing: different pictures may share one text.
 */
export function groupingByOrder(facts: GroupFacts): Grouping {
  return facts.generations === undefined ? byAdvantages(facts) : byArguments(facts, facts.generations);
}

function byArguments(facts: GroupFacts, size: number): Grouping {
  const odd = facts.batches.findIndex(([from, to]) => (to - from) % size !== 0);
  if (odd < 0) return { by: 'order', size, proof: 'args' };
  const [from, to] = facts.batches[odd] ?? [0, 0];
  const why = `args.json says num_generations = ${size}, but the ${to - from} rows from row ${from + 1} do not divide by it.`;
  return { by: 'unknown', why };
}

function byAdvantages(facts: GroupFacts): Grouping {
  const lengths = facts.batches.map(([from, to]) => to - from);
  const common = lengths.reduce(greatestDivisor, 0);
  if (!hasSignal(facts)) {
    return {
      by: 'unknown',
      why: 'There is no group id, no args.json and no advantage other than 0 to find groups by.',
    };
  }
  for (let size = 2; size <= common; size++) {
    if (common % size === 0 && sumsToZero(facts, size)) return { by: 'order', size, proof: 'advantages' };
  }
  const why = 'No block length makes the advantages sum to zero in every step; args.json beside the files would tell.';
  return { by: 'unknown', why };
}

function greatestDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestDivisor(b, a % b);
}

function hasSignal({ batches, advantage }: GroupFacts): boolean {
  return batches.some(([from, to]) => advantage.values.subarray(from, to).some((value) => Math.abs(value) > ZERO));
}

/** A block with a word in it proves nothing, either way. */
function sumsToZero({ batches, advantage }: GroupFacts, size: number): boolean {
  return batches.every(([from, to]) => {
    for (let row = from; row < to; row += size) {
      const sum = advantage.values.subarray(row, row + size).reduce((total, value) => total + value, 0);
      if (Math.abs(sum) > ZERO * size) return false;
    }
    return true;
  });
}

/** Numbers the blocks of each batch, counted on over the run; rows of no batch keep -1. */
export function numberBlocks(group: Int32Array, batches: readonly Batch[], size: number): number {
  let next = 0;
  for (const [from, to] of batches) {
    for (let row = from; row < to; row++) group[row] = next + Math.floor((row - from) / size);
    next += Math.ceil((to - from) / size);
  }
  return next;
}

/** Ranges of rows with one step each; rows without a step make one range with their like. */
export function batchesOf(step: Float64Array, from: number, to: number): Batch[] {
  const batches: Batch[] = [];
  let start = from;
  for (let row = from + 1; row <= to; row++) {
    if (row < to && Object.is(step[row], step[start])) continue;
    batches.push([start, row]);
    start = row;
  }
  return from < to ? batches : [];
}
