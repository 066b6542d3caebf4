import type { JsonScore } from '../../src/domain/score';
import type { Curve } from '../../src/wire/runPanel';
import type { Line } from '../shared/chart';

/** A chart of the panel: its title and its lines. */
export interface Picture {
  readonly title: string;
  readonly lines: readonly Line[];
}

/** Charts that answer one question, under its heading. */
export interface Section {
  readonly title: string;
  readonly pictures: readonly Picture[];
}

/** A line of a picture by the common names of its curves; the band is `spread` above and below, or `low` to `high`. */
interface Wanted {
  readonly name: string;
  readonly label?: string;
  readonly spread?: string;
  readonly low?: string;
  readonly high?: string;
}

interface Curated {
  readonly title: string;
  readonly lines: readonly Wanted[];
}

const REWARD: Curated = {
  title: 'Reward',
  lines: [{ name: 'reward', spread: 'reward_std', low: 'reward/min', high: 'reward/max' }],
};

/** What one looks at first, in this order; a picture without data is left out, and so is a heading without pictures. */
const CURATED: readonly { readonly title: string; readonly pictures: readonly Curated[] }[] = [
  {
    title: 'Learning signal',
    pictures: [
      { title: 'Groups without signal (share)', lines: [{ name: 'frac_reward_zero_std' }] },
      { title: 'KL', lines: [{ name: 'kl' }] },
      { title: 'Entropy', lines: [{ name: 'entropy' }] },
      {
        title: 'Clipped (share of tokens)',
        lines: [
          { name: 'clip_ratio/region_mean', label: 'region' },
          { name: 'clip_ratio/low_mean', label: 'low' },
          { name: 'clip_ratio/high_mean', label: 'high' },
        ],
      },
    ],
  },
  {
    title: 'Completions',
    pictures: [
      {
        title: 'Completion length (tokens)',
        lines: [{ name: 'completions/mean_length', low: 'completions/min_length', high: 'completions/max_length' }],
      },
      { title: 'Truncated completions (share)', lines: [{ name: 'completions/clipped_ratio' }] },
    ],
  },
  {
    title: 'Optimiser',
    pictures: [
      { title: 'Gradient norm', lines: [{ name: 'grad_norm' }] },
      { title: 'Learning rate', lines: [{ name: 'learning_rate' }] },
      { title: 'Loss', lines: [{ name: 'loss' }] },
    ],
  },
  {
    title: 'Speed',
    pictures: [
      { title: 'Seconds per step', lines: [{ name: 'step_time' }] },
      { title: 'Throughput (tokens/s per GPU)', lines: [{ name: 'throughput' }] },
    ],
  },
];

/** The curated pictures that these curves can fill, by question; each reward has its own, after the sum of all. */
export function sections(curves: readonly Curve[]): Section[] {
  const named = new Map(curves.map((curve) => [curve.name, curve]));
  const rewards = curves.flatMap(({ name }): Curated[] => {
    const reward = /^rewards\/(.+)\/mean$/.exec(name)?.[1];
    return reward === undefined ? [] : [{ title: reward, lines: [{ name, spread: `rewards/${reward}/std` }] }];
  });
  const all = [{ title: 'Rewards', pictures: [REWARD, ...rewards] }, ...CURATED];
  const filled = all.map(({ title, pictures: wanted }) => ({
    title,
    pictures: wanted.map((one) => picture(one, named)).filter((drawn) => drawn !== undefined),
  }));
  return filled.filter(({ pictures: drawn }) => drawn.length > 0);
}

/** The same without headings. */
export function pictures(curves: readonly Curve[]): Picture[] {
  return sections(curves).flatMap((section) => section.pictures);
}

function picture({ title, lines: wanted }: Curated, named: ReadonlyMap<string, Curve>): Picture | undefined {
  const lines = wanted.flatMap((want) => {
    const curve = named.get(want.name);
    return curve ? [lineOf(want, curve, named)] : [];
  });
  return lines.length === 0 ? undefined : { title, lines };
}

/** A line stays the very same object as long as its curves do, so that its chart is not drawn again. */
const made = new WeakMap<Curve, { readonly want: Wanted; readonly of: readonly (Curve | undefined)[]; line: Line }>();

function lineOf(want: Wanted, curve: Curve, named: ReadonlyMap<string, Curve>): Line {
  const of = [want.spread, want.low, want.high].map((name) => named.get(name ?? ''));
  const known = made.get(curve);
  if (known && sameWish(known.want, want) && known.of.every((other, at) => other === of[at])) return known.line;
  const line = drawnOf(want, curve, of);
  made.set(curve, { want, of, line });
  return line;
}

function sameWish(a: Wanted, b: Wanted): boolean {
  return a.name === b.name && a.label === b.label;
}

function drawnOf(want: Wanted, curve: Curve, [spread, low, high]: readonly (Curve | undefined)[]): Line {
  const { steps, values } = curve;
  const line = { name: want.label ?? curve.name, steps, values };
  if (spread) {
    const by = aligned(spread, steps);
    return { ...line, low: around(values, by, -1), high: around(values, by, 1) };
  }
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

/** One picture for each metric whose name, common or the framework's own, holds the text; and how many there are. */
export function searched(curves: readonly Curve[], text: string): { pictures: Picture[]; count: number } {
  const wanted = text.trim().toLowerCase();
  if (wanted === '') return { pictures: [], count: 0 };
  const found = curves.filter(({ name, original }) => `${name} ${original}`.toLowerCase().includes(wanted));
  const drawn = found.slice(0, MOST_FOUND).map((curve) => ({
    title: curve.name === curve.original ? curve.name : `${curve.name} (${curve.original})`,
    lines: [drawnOf({ name: curve.name }, curve, [])],
  }));
  return { pictures: drawn, count: found.length };
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
