import type { VNode } from 'preact';
import type { Curve } from '../../src/wire/runPanel';
import { brief } from './words';

/** The figures that tell whether a run goes well: by the common names of their curves, and which way is good. */
const TILES: readonly { readonly name: string; readonly label: string; readonly good: 1 | -1 | 0; share?: true }[] = [
  { name: 'reward', label: 'Reward', good: 1 },
  { name: 'frac_reward_zero_std', label: 'Groups without signal', good: -1, share: true },
  { name: 'completions/clipped_ratio', label: 'Truncated', good: -1, share: true },
  { name: 'completions/mean_length', label: 'Tokens a completion', good: 0 },
  { name: 'kl', label: 'KL', good: 0 },
  { name: 'entropy', label: 'Entropy', good: 0 },
];

/** Each figure now, how it has changed, and its course as a thread. */
export function Tiles({ curves }: { curves: readonly Curve[] }): VNode | null {
  const shown = TILES.flatMap((tile) => {
    const curve = curves.find(({ name }) => name === tile.name);
    return curve ? [{ ...tile, curve }] : [];
  });
  if (shown.length === 0) return null;
  return (
    <dl class="tiles">
      {shown.map(({ name, label, good, share, curve }) => (
        <div key={name} class="tile">
          <dt title={label}>{label}</dt>
          <dd>
            <strong>{share ? percent(curve) : brief(curve.values.at(-1))}</strong>
            <Change curve={curve} good={good} share={share ?? false} />
          </dd>
          <Thread curve={curve} />
        </div>
      ))}
    </dl>
  );
}

function percent({ values }: Curve): string {
  const last = values.at(-1);
  return typeof last === 'number' ? `${Math.round(last * 100)} %` : brief(last);
}

/** The mean of the last tenth against that of the first. */
function Change({ curve, good, share }: { curve: Curve; good: 1 | -1 | 0; share: boolean }): VNode | null {
  const numbers = curve.values.filter((value) => typeof value === 'number');
  const tenth = Math.max(1, Math.floor(numbers.length / 10));
  if (numbers.length < 4) return null;
  const exact = mean(numbers.slice(-tenth)) - mean(numbers.slice(0, tenth));
  const change = share ? Math.round(exact * 100) / 100 : exact;
  const told = share ? `${Math.round(change * 100)} points` : Number(change.toPrecision(2)).toString();
  const kind = good === 0 || change === 0 ? 'quiet' : change * good > 0 ? 'good' : 'bad';
  return (
    <span class={`change ${kind}`} title="mean of the last tenth of the steps against the first">
      {change === 0 ? '±0' : change > 0 ? `+${told}` : told.replace('-', '−')}
    </span>
  );
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

const WIDTH = 96;
const HEIGHT = 20;

function Thread({ curve }: { curve: Curve }): VNode {
  const points = curve.values.flatMap((value, at) => (typeof value === 'number' ? [{ value, at }] : []));
  const least = points.reduce((one, { value }) => Math.min(one, value), Infinity);
  const most = points.reduce((one, { value }) => Math.max(one, value), -Infinity);
  const last = Math.max(1, curve.values.length - 1);
  const path = thinned(points).map(({ value, at }) => {
    const y = most > least ? (value - least) / (most - least) : 0.5;
    return `${((at / last) * WIDTH).toFixed(1)},${(HEIGHT - 1 - y * (HEIGHT - 2)).toFixed(1)}`;
  });
  return (
    <svg class="thread" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
      <polyline points={path.join(' ')} />
    </svg>
  );
}

/** A thread of so many points is as good as one of all. */
const POINTS = 60;

function thinned<T>(points: readonly T[]): readonly T[] {
  const stride = Math.ceil(points.length / POINTS);
  return stride <= 1 ? points : points.filter((_, at) => at % stride === 0 || at === points.length - 1);
}
