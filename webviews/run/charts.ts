import type { JsonScore } from '../../src/domain/score';
import type { Curve } from '../../src/wire/runPanel';
import type { Line } from '../shared/chart';

/** A chart of the panel: its title and its lines. */
export interface Picture {
  readonly title: string;
  readonly lines: readonly Line[];
}

/** A line of a picture by the common names of its curves; the band is `spread` above and below, or `low` to `high`. */
interface Wanted {
  readonly name: string;
  readonly label?: string;
  readonly spread?: string;
  readonly low?: string;
  readonly high?: string;
}

/** What one looks at first, in this order; a picture without data is left out. */
const CURATED: readonly { readonly title: string; readonly lines: readonly Wanted[] }[] = [
  {
    title: 'Reward',
    lines: [{ name: 'reward', spread: 'reward_std', low: 'reward/min', high: 'reward/max' }],
  },
  { title: 'Groups without signal (share)', lines: [{ name: 'frac_reward_zero_std' }] },
  { title: 'KL', lines: [{ name: 'kl' }] },
  { title: 'Entropy', lines: [{ name: 'entropy' }] },
  {
    title: 'Completion length (tokens)',
    lines: [{ name: 'completions/mean_length', low: 'completions/min_length', high: 'completions/max_length' }],
  },
  { title: 'Truncated completions (share)', lines: [{ name: 'completions/clipped_ratio' }] },
  { title: 'Gradient norm', lines: [{ name: 'grad_norm' }] },
  { title: 'Learning rate', lines: [{ name: 'learning_rate' }] },
  { title: 'Loss', lines: [{ name: 'loss' }] },
  {
    title: 'Clipped (share of tokens)',
    lines: [
      { name: 'clip_ratio/region_mean', label: 'region' },
      { name: 'clip_ratio/low_mean', label: 'low' },
      { name: 'clip_ratio/high_mean', label: 'high' },
    ],
  },
  { title: 'Seconds per step', lines: [{ name: 'step_time' }] },
  { title: 'Throughput (tokens/s per GPU)', lines: [{ name: 'throughput' }] },
];

/** The curated pictures that these curves can fill; each reward has its own, after the sum of all. */
export function pictures(curves: readonly Curve[]): Picture[] {
  const named = new Map(curves.map((curve) => [curve.name, curve]));
  const [sum, ...others] = CURATED.map(({ title, lines }) => picture(title, lines, named));
  const rewards = curves.flatMap(({ name }) => {
    const reward = /^rewards\/(.+)\/mean$/.exec(name)?.[1];
    return reward === undefined ? [] : [picture(reward, [{ name, spread: `rewards/${reward}/std` }], named)];
  });
  return [sum, ...rewards, ...others].filter((drawn) => drawn !== undefined);
}

function picture(title: string, wanted: readonly Wanted[], named: ReadonlyMap<string, Curve>): Picture | undefined {
  const lines = wanted.flatMap((want) => {
    const curve = named.get(want.name);
    return curve ? [lineOf(want, curve, named)] : [];
  });
  return lines.length === 0 ? undefined : { title, lines };
}

function lineOf(want: Wanted, curve: Curve, named: ReadonlyMap<string, Curve>): Line {
  const { steps, values } = curve;
  const line = { name: want.label ?? curve.name, steps, values };
  const spread = named.get(want.spread ?? '');
  if (spread) {
    const by = aligned(spread, steps);
    return { ...line, low: around(values, by, -1), high: around(values, by, 1) };
  }
  const low = named.get(want.low ?? '');
  const high = named.get(want.high ?? '');
  return low && high ? { ...line, low: aligned(low, steps), high: aligned(high, steps) } : line;
}

/** A curve's values at other steps; `unknown` where it has none. */
function aligned(curve: Curve, steps: readonly number[]): JsonScore[] {
  const at = new Map(curve.steps.map((step, place) => [step, curve.values[place]]));
  return steps.map((step) => at.get(step) ?? 'unknown');
}

function around(values: readonly JsonScore[], spread: readonly JsonScore[], sign: 1 | -1): JsonScore[] {
  return values.map((value, at) => {
    const by = spread[at];
    return typeof value === 'number' && typeof by === 'number' ? value + sign * by : 'unknown';
  });
}

const MOST_FOUND = 24;

/** One picture for each metric whose name, common or the framework's own, holds the text. */
export function searched(curves: readonly Curve[], text: string): Picture[] {
  const wanted = text.trim().toLowerCase();
  if (wanted === '') return [];
  const found = curves.filter(({ name, original }) => `${name} ${original}`.toLowerCase().includes(wanted));
  return found.slice(0, MOST_FOUND).map(({ name, original, steps, values }) => ({
    title: name === original ? name : `${name} (${original})`,
    lines: [{ name, steps, values }],
  }));
}

const GPU: readonly (readonly [column: string, title: string])[] = [
  ['utilization.gpu', 'GPU utilisation (%, over minutes)'],
  ['memory.used', 'GPU memory (MiB, over minutes)'],
  ['power.draw', 'GPU power (W, over minutes)'],
];

/** What the GPUs did, over minutes; a line for each GPU. */
export function gpuPictures(curves: readonly Curve[]): Picture[] {
  return GPU.flatMap(([column, title]) => {
    const lines = curves.flatMap(({ name, steps, values }) =>
      name.endsWith(` ${column}`) ? [{ name: `GPU ${name.split(' ')[0]}`, steps, values }] : [],
    );
    return lines.length === 0 ? [] : [{ title, lines }];
  });
}
