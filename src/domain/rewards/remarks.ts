import { describe, distributionOf, short } from '../rollouts/distribution';
import { describeFlips, type Baseline } from './flips';
import type { Score } from '../score';
import type { DependenceCheck, TraceRun } from './trace';

/** What stands above a reward. */
export interface Remarks {
  /** The distribution, or why there is none. */
  readonly numbers: string;
  /** What needs a look: flips, failures, what was swallowed, what a score depends on. */
  readonly pressing: readonly string[];
  /** What is good to know. */
  readonly besides: readonly string[];
}

export function remarks(trace: TraceRun, before?: Baseline): Remarks {
  const { scores, withheld } = trace;
  const flips = before ? describeFlips(before, scores) : '';
  const depends = dependence(trace.check, scores.length);
  const warns = depends.startsWith('⚠');
  return {
    numbers: withheld ?? describe(distributionOf(scores)),
    pressing: [flips, ...failures(trace), ...swallowed(trace), warns ? depends : ''].filter((remark) => remark !== ''),
    besides: [warns ? '' : depends, ...standIns(trace)].filter((remark) => remark !== ''),
  };
}

function standIns(trace: TraceRun): string[] {
  return [
    ...(trace.notes ?? []).filter((note) => !note.includes('PYTHONPATH')).map((note) => `$(info) ${note}`),
    ...(trace.stubbed.length > 0 ? [`stubs: ${packages(trace.stubbed)}`] : []),
  ];
}

function failures({ errors }: TraceRun): string[] {
  const failed = errors.reduce((count, { samples }) => count + samples.length, 0);
  const [first] = errors;
  return first ? [`$(error) ${failed} failed: ${first.type}: ${first.message}`] : [];
}

function swallowed(trace: TraceRun): string[] {
  const counts = new Map<string, number>();
  for (const { type, count } of trace.swallowed) counts.set(type, (counts.get(type) ?? 0) + count);
  return [...counts].map(([type, count]) => `$(warning) swallowed ${count} × ${type}`);
}

/** ✓ only for a reward that scores each sample by itself; everything else comes with its evidence. */
function dependence({ kind, differs, example, why, followed }: DependenceCheck, samples: number): string {
  if (kind === 'per-sample') return '✓ per sample';
  if (kind === 'unknown') return why === undefined ? '' : `not checked: ${why}`;
  const number = (score: Score): string => (typeof score === 'number' ? short(score) : score);
  const evidence = example
    ? `, e.g. sample ${example.sample}: ${number(example.batch)} → ${number(example.alone)}`
    : '';
  const alone = followed === false ? ' · lines and values are those of samples called alone' : '';
  return `⚠ ${WORDS[kind]}: ${differs} of ${samples} scores change${evidence}${alone}`;
}

const WORDS: Readonly<Record<Exclude<DependenceCheck['kind'], 'per-sample' | 'unknown'>, string>> = {
  'per-group': 'depends on its group',
  batch: 'depends on the batch',
  order: 'depends on the order of the batch',
  'non-deterministic': 'not deterministic',
  stateful: 'keeps state between calls',
};

/** `swift` for `swift.rewards.ORM` and `swift.rewards.orms`. */
function packages(names: readonly string[]): string {
  return [...new Set(names.map((name) => name.split('.')[0]))].join(', ');
}
