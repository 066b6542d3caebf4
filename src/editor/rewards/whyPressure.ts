import { weightOf } from '../../domain/rewards/rewardUse';
import type { FoundUse } from '../../machine/rewards/rewardUses';
import type { FrameworkId } from '../../domain/frameworks/framework';
import { pressureOf, type PressureRows } from '../../domain/rewards/pressure';
import { toJson } from '../../domain/score';
import { pressureRows, type ScoredRows } from '../../machine/rewards/pressureRows';
import type { Table } from '../../machine/table/table';
import type { WhyPressure } from '../../wire/whyPanel';
import { formulas, standardFormula } from './formulas';
import type { Shown } from './scoring';

/** What the pressure is computed from: a reward, the others of its file, and the samples' record. */
export interface Pressed {
  readonly shown: Shown;
  readonly others: readonly Shown[];
  readonly table: Table;
  /** The configuration that trains with these rewards. */
  readonly use?: FoundUse;
}

/** Who trained on the samples: what the record shows, else whose calling style the reward has. */
export function trainerOf({ shown, table }: Pressed): FrameworkId | undefined {
  return table.framework ?? shown.reward.call;
}

/** Every component's scores; undefined where the reward has none. */
export function rowsOf({ shown, others, table }: Pressed): PressureRows | undefined {
  const { prepared, trace, reward } = shown;
  if (!prepared || !trace) return undefined;
  const own = { reward, rows: prepared.rows, scores: trace.scores, samples: prepared.samples };
  return pressureRows(table, own, others.flatMap(scoredOf));
}

function scoredOf({ reward, prepared, trace }: Shown): ScoredRows[] {
  return prepared && trace ? [{ reward, rows: prepared.rows, scores: trace.scores }] : [];
}

/** Weights of components as the configuration has them; undefined where there is none that takes weights. */
export function configuredWeights(pressed: Pressed, components: readonly string[]): number[] | undefined {
  const use = pressed.use?.use;
  return use?.withWeights && components.map((name) => weightOf(use, ...namesOf(pressed, name)));
}

/** The names by which a configuration may call a component. */
export function namesOf({ shown, others }: Pressed, component: string): string[] {
  const reward = [shown, ...others].find((one) => one.reward.name === component)?.reward;
  return [component.replace(/ \(recorded\)$/, ''), ...(reward?.registered ?? [])];
}

interface Asked {
  readonly weights: readonly number[] | null;
  readonly variant: string | null;
  readonly sample: number;
  /** For people: where the samples are from. */
  readonly from: string;
}

export function whyPressure(pressed: Pressed, asked: Asked): WhyPressure {
  const held = rowsOf(pressed);
  if (!held) return nothing('This reward has no scores yet.', asked.from);
  const { grouping } = pressed.table;
  if (grouping.by === 'unknown') return nothing(`Groups are unknown: ${grouping.why}`, asked.from);
  const trainer = trainerOf(pressed);
  const known = formulas(trainer);
  const formula = known.find(({ label }) => label === asked.variant) ?? standardFormula(trainer);
  const configured = configuredWeights(pressed, held.components);
  const weights = held.components.map((_, k) => asked.weights?.[k] ?? configured?.[k] ?? 1);
  const { groups, signal } = pressureOf(held, weights, formula?.of);
  const own = groups.find(({ samples }) => samples.includes(asked.sample)) ?? groups[0];
  return {
    components: held.components.map((name, k) => ({
      name,
      weight: weights[k] ?? 1,
      share: maybe(signal.shares[k]),
    })),
    variants: known.map(({ label }) => ({ id: label, label })),
    variant: formula?.label ?? null,
    source: formula?.of.source ?? '',
    config: pressed.use && configured ? { name: pressed.use.name, weights: configured } : null,
    samples: held.rows.length,
    from: asked.from,
    groups: signal.groups,
    withoutSignal: signal.withoutSignal,
    allBest: signal.allBest,
    allWorst: signal.allWorst,
    tinySpread: signal.tinySpread,
    lengthCorrelation: maybe(signal.lengthCorrelation),
    own: (own?.samples ?? []).map((sample, at) => ({
      sample,
      scores: (held.rows[sample]?.scores ?? []).map(toJson),
      total: maybe(own?.totals[at]),
      advantage: maybe(own?.advantages[at]),
    })),
    none: null,
  };
}

function nothing(why: string, from: string): WhyPressure {
  const zero = { samples: 0, groups: 0, withoutSignal: 0, allBest: 0, allWorst: 0, tinySpread: 0 };
  const lists = { components: [], variants: [], own: [] };
  return { ...zero, ...lists, variant: null, source: '', config: null, from, lengthCorrelation: null, none: why };
}

/** JSON has no NaN. */
function maybe(value: number | undefined): number | null {
  return value === undefined || !Number.isFinite(value) ? null : value;
}
