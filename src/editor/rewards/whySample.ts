import { betterOf } from '../../domain/rewards/choice';
import { wordOf } from '../../domain/rollouts/distribution';
import type { Expectation } from '../../domain/rewards/expectation';
import type { Divergence, Explained } from '../../domain/rewards/explained';
import { toJson } from '../../domain/score';
import type { Table } from '../../machine/table/table';
import type { WhyBetter, WhySample } from '../../wire/whyPanel';
import type { Shown } from './scoring';

const LONGEST = 2000;

/** A sample as the why panel shows it, without the comparison. */
export function whySample(shown: Shown, table: Table, sample: number, explained: Explained): WhySample | null {
  const { prepared, trace } = shown;
  if (!prepared || !trace) return null;
  const row = prepared.rows[sample] ?? sample;
  const { completion, ...others } = prepared.samples.columns;
  const { error } = explained;
  return {
    sample,
    samples: prepared.rows.length,
    row,
    group: groupOf(table, row),
    ...(explained.together === undefined ? {} : { together: explained.together }),
    score: toJson(trace.scores[sample] ?? 'unknown'),
    error: error ? `${error.type}: ${error.message}` : null,
    why: explained.why,
    completion: textOf(completion?.[sample]),
    regexes: explained.regexes,
    arguments: Object.entries(others).map(([name, values]) => [name, textOf(values[sample]).slice(0, LONGEST)]),
    better: null,
  };
}

/** The sample of an expectation: it stands alone, so there is nothing to compare it with. */
export function whyExpectation({ score, columns, line }: Expectation, explained: Explained): WhySample {
  const { completion, ...others } = columns;
  const { error } = explained;
  return {
    ...{ sample: 0, samples: 1, row: line, group: null },
    score: toJson(explained.score),
    error: error ? `${error.type}: ${error.message}` : null,
    why: explained.why,
    completion: textOf(completion),
    regexes: explained.regexes,
    arguments: Object.entries(others).map(([name, value]) => [name, textOf(value).slice(0, LONGEST)]),
    better: { none: `An expectation has no group. The score should be ${wordOf(score)}.` },
  };
}

/** The best sample that differs from this one in nothing but what the model wrote; -1: none is better. */
export function betterSample({ prepared, trace, reward }: Shown, table: Table, sample: number): number {
  if (!prepared || !trace) return -1;
  const { columns } = prepared.samples;
  const same = ['solution', ...reward.needs].filter((name) => name in columns && name !== 'completion');
  const key = (at: number): string => JSON.stringify(same.map((name) => String(JSON.stringify(columns[name]?.[at]))));
  const own = key(sample);
  const group = groupOf(table, prepared.rows[sample] ?? -1);
  const together = (other: number): boolean => {
    if (group === null) return columns['prompt']?.[other] === columns['prompt']?.[sample];
    return table.group[prepared.rows[other] ?? -1] === group;
  };
  return betterOf(trace.scores, (other) => together(other) && key(other) === own, sample);
}

export function betterFrom({ change, score: _own, otherScore, ...divergence }: Divergence): WhyBetter {
  return {
    score: toJson(otherScore),
    divergence,
    ...(change === undefined ? {} : { change: { ...change, score: toJson(change.score) } }),
  };
}

export function groupOf(table: Table, row: number): number | null {
  const group = table.group[row] ?? -1;
  return group < 0 ? null : group;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
}
