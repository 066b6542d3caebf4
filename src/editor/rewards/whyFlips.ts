import { flipsOf } from '../../domain/rewards/flips';
import { pressureOf, type Pressure, type PressureRows } from '../../domain/rewards/pressure';
import { toJson, type Score } from '../../domain/score';
import type { WhyFlip, WhyFlips } from '../../wire/whyPanel';
import { standardFormula } from './formulas';
import { configuredWeights, rowsOf, trainerOf, type Pressed } from './whyPressure';
import { groupOf } from './whySample';

const MOST = 500;

/** What an edit changed, the greatest change of advantage first. The weights are the configuration's. */
export function whyFlips(pressed: Pressed): WhyFlips {
  const { shown, table } = pressed;
  const { reward, trace, before, prepared } = shown;
  const scores = trace?.scores ?? [];
  const formula = table.grouping.by === 'unknown' ? undefined : standardFormula(trainerOf(pressed));
  const now = rowsOf(pressed);
  const components = now?.components ?? [];
  const weights = configuredWeights(pressed, components) ?? components.map(() => 1);
  const after = now && pressureOf(now, weights, formula?.of);
  const past = now && before ? pressureOf(withScores(now, before.scores), weights, formula?.of) : undefined;
  const shifts = shiftsOf(past, after);
  const texts = prepared?.samples.columns['completion'] ?? [];
  const flips = flipsOf(before?.scores ?? [], scores).map(({ sample, before: was, after: is }): WhyFlip => {
    const row = prepared?.rows[sample] ?? sample;
    const shift = shifts.get(sample) ?? NaN;
    return {
      sample,
      row,
      group: groupOf(table, row),
      was: toJson(was),
      is: toJson(is),
      shift: Number.isFinite(shift) ? shift : null,
      completion: String(texts[sample] ?? '').slice(0, 300),
    };
  });
  flips.sort((a, b) => Math.abs(b.shift ?? 0) - Math.abs(a.shift ?? 0) || a.sample - b.sample);
  const known = table.grouping.by !== 'unknown';
  return {
    reward: reward.name,
    against: before?.name ?? 'the text as it was opened',
    samples: scores.length,
    flips: flips.slice(0, MOST),
    more: Math.max(0, flips.length - MOST),
    formula: formula?.label ?? null,
    became: known ? turned(past, after) : [],
    ceased: known ? turned(after, past) : [],
  };
}

/** The same samples, where the first component gave other scores. */
function withScores({ components, rows }: PressureRows, scores: readonly Score[]): PressureRows {
  const changed = rows.map((row) => ({
    ...row,
    scores: [scores[row.sample] ?? 'unknown', ...row.scores.slice(1)] as const,
  }));
  return { components, rows: changed };
}

function shiftsOf(before: Pressure | undefined, after: Pressure | undefined): Map<number, number> {
  const old = advantages(before);
  return new Map([...advantages(after)].map(([sample, now]) => [sample, now - (old.get(sample) ?? NaN)]));
}

function advantages(pressure: Pressure | undefined): Map<number, number> {
  const groups = pressure?.groups ?? [];
  return new Map(
    groups.flatMap(({ samples, advantages }) => samples.map((sample, at) => [sample, advantages[at] ?? NaN] as const)),
  );
}

/** Groups that are without signal in the second only. */
function turned(first: Pressure | undefined, second: Pressure | undefined): number[] {
  const still = new Set((first?.groups ?? []).filter(({ degenerate }) => degenerate).map(({ group }) => group));
  return (second?.groups ?? [])
    .filter(({ degenerate, group }) => degenerate && !still.has(group))
    .map(({ group }) => group);
}
