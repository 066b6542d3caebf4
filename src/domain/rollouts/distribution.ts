import { numbers, type NoScore, type Score } from '../score';
import { nanMean } from '../statistics';

/** How scores of many samples are spread, for people. */
export interface Distribution {
  readonly samples: number;
  /** Mean of the numbers; undefined where there is none. */
  readonly mean?: number;
  /** Distinct values with how many samples have each, ascending, when there are few enough of them. */
  readonly values?: readonly { readonly value: number; readonly count: number }[];
  /** A bar of eight heights over the range from least to greatest; '' where all numbers are equal. */
  readonly bar: string;
  readonly least?: number;
  readonly greatest?: number;
  /** Words in place of numbers, with how many samples have each. */
  readonly words: readonly { readonly word: NoScore; readonly count: number }[];
}

const FEW = 5;
/** The lowest is for bins that hold nothing. */
const HEIGHTS = '▁▂▃▄▅▆▇█';
const BINS = 8;

export function distributionOf(scores: readonly Score[]): Distribution {
  const found = numbers(scores);
  const counted = counts(found);
  const ordered = [...counted.keys()].sort((a, b) => a - b);
  const [least, greatest] = [ordered[0], ordered.at(-1)];
  return {
    samples: scores.length,
    ...(found.length === 0 ? {} : { mean: nanMean(found) }),
    ...(ordered.length <= FEW ? { values: ordered.map((value) => ({ value, count: counted.get(value) ?? 0 })) } : {}),
    bar: least === undefined || greatest === undefined ? '' : bar(found, least, greatest),
    ...(least === undefined ? {} : { least }),
    ...(greatest === undefined ? {} : { greatest }),
    words: [...counts(scores.filter((score): score is NoScore => typeof score !== 'number'))].map(([word, count]) => ({
      word,
      count,
    })),
  };
}

function counts<T>(values: readonly T[]): Map<T, number> {
  const counted = new Map<T, number>();
  for (const value of values) counted.set(value, (counted.get(value) ?? 0) + 1);
  return counted;
}

/** Heights by count; a bin that holds anything stands above the lowest. */
function bar(values: readonly number[], least: number, greatest: number): string {
  if (!(greatest > least) || !Number.isFinite(greatest - least)) return '';
  const bins = new Array<number>(BINS).fill(0);
  for (const value of values) {
    const bin = Math.min(BINS - 1, Math.floor(((value - least) / (greatest - least)) * BINS));
    bins[bin] = (bins[bin] ?? 0) + 1;
  }
  const most = Math.max(...bins);
  return bins.map((count) => HEIGHTS[Math.ceil((count / most) * (HEIGHTS.length - 1))]).join('');
}

/** `mean 0.36 · 26% −1 · 44% 0 · 30% 1 · 512 samples`: what stands above a reward. */
export function describe(distribution: Distribution): string {
  const { mean, values, least, greatest, words, samples } = distribution;
  const share = (count: number): string => percent(count / samples);
  const parts = [
    ...(mean === undefined ? [] : [`mean ${short(mean)}`]),
    ...(distribution.bar === '' ? [] : [`${short(least ?? NaN)} ${distribution.bar} ${short(greatest ?? NaN)}`]),
    ...(values ?? []).map(({ value, count }) => `${share(count)} ${short(value)}`),
    ...words.map(({ word, count }) => `${share(count)} ${word}`),
    samples === 1 ? '1 sample' : `${group(samples)} samples`,
  ];
  return parts.join(' · ');
}

/** Three significant digits, without trailing zeros, with a real minus sign. */
export function short(value: number): string {
  if (!Number.isFinite(value)) return value > 0 ? '∞' : value < 0 ? '−∞' : 'NaN';
  return String(Number(value.toPrecision(3))).replace('-', '−');
}

/** A score for people: three digits, or its word. */
export function wordOf(score: Score): string {
  return typeof score === 'number' ? short(score) : score;
}

/** A share in percent; never 0 or 100 for one that is not quite that. */
export function percent(share: number): string {
  const rounded = Math.round(share * 100);
  if (rounded === 0 && share > 0) return '<1%';
  if (rounded === 100 && share < 1) return '>99%';
  return `${rounded}%`;
}

function group(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ',');
}
