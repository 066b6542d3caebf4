import type { VNode } from 'preact';
import type { Curve, RunHeader } from '../../src/wire/runPanel';

/** Name, state, step of total, folder and the reward now. */
export function Header({ header, curves }: { header: RunHeader; curves: readonly Curve[] }): VNode {
  const reward = curves.find(({ name }) => name === 'reward');
  return (
    <header class="run">
      <h1>{header.name}</h1>
      <span class={`state ${header.state}`}>{header.state}</span>
      {header.step !== undefined && <span>{place(header)}</span>}
      {reward && <span>reward {trend(reward)}</span>}
      <span class="quiet">on {header.target}</span>
      {header.attempts > 1 && <span class="quiet">{header.attempts} attempts</span>}
      <span class="folder quiet mono">{header.folder}</span>
    </header>
  );
}

function place({ step, steps }: RunHeader): string {
  return steps === undefined ? `step ${step}` : `step ${step} of ${steps}`;
}

/** The last value, and where it came from: the mean of the first tenth of the curve. */
function trend({ values }: Curve): string {
  const last = values.at(-1);
  const numbers = values.filter((value) => typeof value === 'number');
  const tenth = numbers.slice(0, Math.max(1, Math.floor(numbers.length / 10)));
  const start = tenth.reduce((sum, value) => sum + value, 0) / tenth.length;
  const now = typeof last === 'number' ? last.toPrecision(3) : String(last);
  return Number.isNaN(start) ? now : `${now} (began at ${start.toPrecision(3)})`;
}
