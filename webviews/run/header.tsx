import type { VNode } from 'preact';
import type { Clock, Curve, RunAct, RunHeader } from '../../src/wire/runPanel';
import { Button } from '../shared/ui';

interface Props {
  readonly header: RunHeader;
  readonly curves: readonly Curve[];
  readonly clock?: Clock | null | undefined;
  readonly act?: (act: RunAct) => void;
}

const ACTS: Readonly<Record<RunAct, string>> = { stop: 'Stop', resume: 'Resume', again: 'Run again' };

/** Name, state, step of total, time left, the reward now and where it began, and the folder. */
export function Header({ header, curves, clock, act }: Props): VNode {
  const reward = curves.find(({ name }) => name === 'reward');
  const left = header.state === 'running' ? timeLeft(header, clock) : undefined;
  return (
    <header class="run">
      <h1>{header.name}</h1>
      <span class={`state ${header.state}`}>{header.state}</span>
      {header.step !== undefined && <span>{place(header)}</span>}
      {left !== undefined && <span>{left} left</span>}
      {reward && <span>reward {trend(reward)}</span>}
      <span class="quiet">on {header.target}</span>
      {header.attempts > 1 && <span class="quiet">{header.attempts} attempts</span>}
      {header.phase !== undefined && <span>{header.phase}…</span>}
      {took(header) !== undefined && <span class="quiet">{took(header)}</span>}
      {header.about?.map((word) => (
        <span class="quiet" key={word}>
          {word}
        </span>
      ))}
      {header.can?.map((what) => (
        <Button key={what} appearance="secondary" onClick={() => act?.(what)}>
          {ACTS[what]}
        </Button>
      ))}
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

/** How long it runs, or ran, as far as its start is known. */
function took({ startedAt, endedAt, state }: RunHeader): string | undefined {
  if (startedAt === undefined) return undefined;
  if (endedAt !== undefined) return `ran for ${duration(endedAt - startedAt)}`;
  return state === 'running' ? `since ${duration(Date.now() / 1000 - startedAt)}` : undefined;
}

/** By the pace of the last twenty steps. */
function timeLeft({ step, steps }: RunHeader, clock: Props['clock']): string | undefined {
  const last = (clock?.steps.length ?? 0) - 1;
  if (!clock || last < 1 || step === undefined || steps === undefined) return undefined;
  const from = Math.max(0, last - 20);
  const took = (clock.seconds[last] ?? NaN) - (clock.seconds[from] ?? NaN);
  const done = (clock.steps[last] ?? NaN) - (clock.steps[from] ?? NaN);
  const seconds = (took / done) * (steps - step);
  return Number.isFinite(seconds) && seconds >= 0 ? duration(seconds) : undefined;
}

function duration(seconds: number): string {
  if (seconds < 90) return `${Math.round(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 90) return `${minutes} min`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
