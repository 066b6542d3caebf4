import type { VNode } from 'preact';
import type { Clock, Curve, PanelAct, RunAct, RunHeader } from '../../src/wire/runPanel';
import { Button } from '../shared/ui';
import { Tiles } from './tiles';
import { duration } from './words';

interface Props {
  readonly header: RunHeader;
  readonly curves: readonly Curve[];
  readonly clock?: Clock | null | undefined;
  readonly act?: (act: PanelAct) => void;
}

const ACTS: Readonly<Record<RunAct, string>> = {
  stop: 'Stop',
  resume: 'Resume',
  again: 'Run again',
  change: 'Run again with…',
  folder: 'Open folder',
};

const TRACKERS = { wandb: 'wandb', swanlab: 'SwanLab', tensorboard: 'TensorBoard' } as const;

/** What kind of run it is, at a glance: name, state, how far and how long, the figures that matter, where and what it is. */
export function Header({ header, curves, clock, act }: Props): VNode {
  return (
    <header class="run">
      <div class="first">
        <span class={`state ${header.state}`}>{stateOf(header)}</span>
        <h1>{header.name}</h1>
        {header.attempts > 1 && <span class="badge">attempt {header.attempts}</span>}
        <span class="acts">
          {act &&
            header.can?.map((what) => (
              <Button key={what} appearance={isFirst(what, header) ? 'primary' : 'secondary'} onClick={() => act(what)}>
                {ACTS[what]}
              </Button>
            ))}
          {act && header.tracker && (
            <Button appearance="secondary" title={header.tracker.url} onClick={() => act('tracker')}>
              {`Open in ${TRACKERS[header.tracker.tracker]}`}
            </Button>
          )}
        </span>
      </div>
      <Progress header={header} clock={clock} />
      <Tiles curves={curves} />
      <div class="facts quiet">
        {[`on ${placeOf(header)}`, ...(header.about ?? [])].map((word) => (
          <span key={word}>{word}</span>
        ))}
        <span class="folder mono" title={header.folder}>
          {header.folder}
        </span>
      </div>
    </header>
  );
}

/** A run that did not succeed is most likely to be gone on with. */
function isFirst(what: RunAct, { state }: RunHeader): boolean {
  return what === 'resume' && state !== 'running';
}

function stateOf({ state, exit }: RunHeader): string {
  return state === 'failed' && exit !== undefined ? `failed (${exit})` : state;
}

function placeOf({ target, host }: RunHeader): string {
  const name = target === 'here' ? 'this machine' : target;
  return host === undefined || host === target ? name : `${name} (${host})`;
}

/** How far it is, when it will be there, and at what pace. */
function Progress({ header, clock }: Pick<Props, 'header' | 'clock'>): VNode {
  const { step, steps, state } = header;
  const share = step !== undefined && steps ? Math.min(1, step / steps) : undefined;
  const pace = paceOf(clock);
  const left =
    state === 'running' && share !== undefined && pace !== undefined ? pace * ((steps ?? 0) - (step ?? 0)) : undefined;
  const words = [
    step === undefined ? header.phase && `${header.phase}…` : placeIn(header),
    left !== undefined && left > 0 ? `${duration(left)} left, at ${clockTime(left)}` : undefined,
    tookOf(header),
    pace === undefined ? undefined : `${duration(pace)} a step`,
  ];
  return (
    <div class="progress">
      {share !== undefined && (
        <span class={`meter ${state}`} role="progressbar" aria-valuenow={Math.round(100 * share)} aria-label="Steps">
          <span style={{ width: `${100 * share}%` }} />
        </span>
      )}
      {words.map((word) => word && <span key={word}>{word}</span>)}
    </div>
  );
}

function placeIn({ step, steps }: RunHeader): string {
  return steps === undefined ? `step ${step}` : `step ${step} of ${steps}`;
}

/** How long it runs, or ran, as far as its start is known. */
function tookOf({ startedAt, endedAt, state }: RunHeader): string | undefined {
  if (startedAt === undefined) return undefined;
  if (endedAt !== undefined) return `ran for ${duration(endedAt - startedAt)}`;
  return state === 'running' ? `running for ${duration(Date.now() / 1000 - startedAt)}` : undefined;
}

/** Seconds a step over the last twenty. */
function paceOf(clock: Props['clock']): number | undefined {
  const last = (clock?.steps.length ?? 0) - 1;
  if (!clock || last < 1) return undefined;
  const from = Math.max(0, last - 20);
  const took = (clock.seconds[last] ?? NaN) - (clock.seconds[from] ?? NaN);
  const pace = took / ((clock.steps[last] ?? NaN) - (clock.steps[from] ?? NaN));
  return Number.isFinite(pace) && pace > 0 ? pace : undefined;
}

/** `14:05`, or with the day where it is not today. */
function clockTime(seconds: number): string {
  const then = new Date(Date.now() + seconds * 1000);
  const time = then.toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' });
  return then.toDateString() === new Date().toDateString()
    ? time
    : `${then.toLocaleDateString([], { weekday: 'short' })} ${time}`;
}
