import type { AdvantageVariant } from '../rollouts/advantage';
import type { Score } from '../score';
import { signalOf, type Signal } from '../rollouts/signal';
import { withoutSignal } from '../rollouts/advantage';

/** Recorded samples with the scores of every reward, in the order of the samples. */
export interface PressureRows {
  /** Names of the components. */
  readonly components: readonly string[];
  readonly rows: readonly PressureRow[];
}

export interface PressureRow {
  /** Index that others know the sample by. */
  readonly sample: number;
  readonly group: number;
  /** Rows that the trainer handled together: formulas that look at the whole batch look at these. */
  readonly batch: number;
  /** In characters. */
  readonly length: number;
  readonly scores: readonly Score[];
}

/** A group with what each of its completions would get. */
export interface PressedGroup {
  readonly group: number;
  readonly samples: readonly number[];
  /** NaN where it cannot be computed. */
  readonly totals: readonly number[];
  readonly advantages: readonly number[];
  readonly degenerate: boolean;
}

/** Update pressure on recorded samples: exact arithmetic on their scores, no model involved. */
export interface Pressure {
  readonly groups: readonly PressedGroup[];
  readonly signal: Signal;
}

/** Groups and batches are runs of the same number, wherever their rows stand. Without a formula all advantages are NaN. */
export function pressureOf(
  { rows }: PressureRows,
  weights: readonly number[],
  variant: AdvantageVariant | undefined,
): Pressure {
  const batches = [...grouped(rows, ({ batch }) => batch).values()].map((batch) => [
    ...grouped(batch, ({ group }) => group).values(),
  ]);
  const groups = batches.flatMap((batch) => pressed(batch, weights, variant));
  const all = batches.flat();
  const signal = signalOf(
    { groups: all.map(numbersOf), weights },
    all.map((group) => group.map(({ length }) => length)),
  );
  return { groups, signal };
}

function pressed(
  batch: readonly (readonly PressureRow[])[],
  weights: readonly number[],
  variant: AdvantageVariant | undefined,
): PressedGroup[] {
  const held = { groups: batch.map(numbersOf), weights };
  const advantages = variant?.of(held);
  return batch.map((group, at) => {
    const totals = numbersOf(group).map((scores) => total(scores, weights));
    return {
      group: group[0]?.group ?? -1,
      samples: group.map(({ sample }) => sample),
      totals,
      advantages: advantages?.[at] ?? group.map(() => NaN),
      degenerate: withoutSignal(totals),
    };
  });
}

function total(scores: readonly number[], weights: readonly number[]): number {
  const known = scores.flatMap((score, k) => (Number.isNaN(score) ? [] : [score * (weights[k] ?? 1)]));
  return known.length === 0 ? NaN : known.reduce((sum, value) => sum + value, 0);
}

/** What is no number is NaN, which each formula treats as its framework does. */
function numbersOf(group: readonly PressureRow[]): number[][] {
  return group.map(({ scores }) => scores.map((score) => (typeof score === 'number' ? score : NaN)));
}

function grouped<T>(items: readonly T[], keyOf: (item: T) => number): Map<number, T[]> {
  const found = new Map<number, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const known = found.get(key);
    if (known) known.push(item);
    else found.set(key, [item]);
  }
  return found;
}
