import type { VNode } from 'preact';
import { useCallback, useMemo, useState } from 'preact/hooks';
import type { RunOpening, RunPanel } from '../../src/wire/runPanel';
import type { Called } from '../../src/wire/wire';
import { Chart, type Look } from '../shared/chart';
import { Checkbox, Dropdown, TextField } from '../shared/ui';
import { gpuPictures, pictures, searched } from './charts';
import type { Place } from './place';

interface Props {
  readonly editor: Called<RunPanel>;
  readonly run: RunOpening;
  readonly place: Place;
  readonly move: (change: Partial<Place>) => void;
}

const NONE: NonNullable<RunOpening['marks']> = [];

/** The curated charts, those of the metrics searched for, and those of the GPUs. */
export function Curves({ editor, run, place, move }: Props): VNode {
  const [cursor, setCursor] = useState<number>();
  const [moment, setMoment] = useState<number>();
  const look = useMemo(() => lookOf(place, run), [place.smoothing, place.log, place.axis, run.clock, run.curves]);
  const gpuLook = useMemo(() => ({ smoothing: place.smoothing, log: false, unit: 'minute' }), [place.smoothing]);
  const drawn = useMemo(() => pictures(run.curves), [run.curves]);
  const found = useMemo(() => searched(run.curves, place.search), [run.curves, place.search]);
  const gpus = useMemo(() => gpuPictures(run.gpu ?? []), [run.gpu]);
  const keep = useCallback(
    (name: string) => (kind: 'png' | 'svg' | 'copy', data: string) =>
      void editor.ask('keep', { name: `${run.header.name} ${name}`, kind, data }),
    [run.header.name],
  );
  const choose = useCallback((step: number) => void editor.ask('completions', { step }), []);
  if (run.curves.length === 0)
    return <p class="empty">No metrics yet. They appear with the first step that the trainer logs.</p>;
  const ofSteps = { look, marks: run.marks ?? NONE, cursor, onCursor: setCursor, onChoose: choose };
  return (
    <>
      <Tools run={run} place={place} move={move} found={found.length} />
      <section class="charts">
        {found.map(({ title, lines }) => (
          <Chart key={`found ${title}`} title={title} lines={lines} onKeep={keep(title)} {...ofSteps} />
        ))}
        {drawn.map(({ title, lines }) => (
          <Chart key={title} title={title} lines={lines} onKeep={keep(title)} {...ofSteps} />
        ))}
        {gpus.map(({ title, lines }) => (
          <Chart
            key={title}
            title={title}
            lines={lines}
            look={gpuLook}
            cursor={moment}
            onCursor={setMoment}
            onKeep={keep(title)}
          />
        ))}
      </section>
    </>
  );
}

function Tools({ run, place, move, found }: Omit<Props, 'editor'> & { found: number }): VNode {
  const axes = axesOf(run);
  return (
    <div class="tools">
      <TextField
        value={place.search}
        title="Any metric by its name"
        placeholder={`Any of ${run.curves.length} metrics`}
        onInput={(search) => move({ search })}
      />
      {place.search !== '' && (
        <span class="quiet">{found === 0 ? 'no metric has this in its name' : `${found} found`}</span>
      )}
      <label>
        smooth
        <input
          type="range"
          min="0"
          max="0.98"
          step="0.02"
          value={place.smoothing}
          aria-label="Smoothing"
          onInput={(event) => move({ smoothing: Number(event.currentTarget.value) })}
        />
      </label>
      <Checkbox checked={place.log} onChange={(log) => move({ log })}>
        log axis
      </Checkbox>
      {axes.length > 1 && (
        <Dropdown
          title="Horizontal axis"
          value={place.axis}
          options={axes}
          onChange={(axis) => move({ axis: axes.find((known) => known === axis) ?? 'step' })}
        />
      )}
    </div>
  );
}

/** What the horizontal axis can count for this run. */
function axesOf({ clock, curves }: RunOpening): Place['axis'][] {
  const tokens = curves.some(({ name }) => name === 'num_tokens');
  return ['step', ...(clock ? ['time' as const] : []), ...(tokens ? ['tokens' as const] : [])];
}

/** On the time axis every step stands at its minutes since the start, on that of tokens at those seen so far. */
function lookOf({ smoothing, log, axis }: Place, run: RunOpening): Look {
  const across = axis === 'time' ? minutesOf(run) : axis === 'tokens' ? tokensOf(run) : undefined;
  return { smoothing, log, unit: 'step', ...(across ? { across } : {}) };
}

function minutesOf({ clock }: RunOpening): ReadonlyMap<number, number> | undefined {
  return clock ? new Map(clock.steps.map((step, at) => [step, (clock.seconds[at] ?? 0) / 60])) : undefined;
}

function tokensOf({ curves }: RunOpening): ReadonlyMap<number, number> | undefined {
  const tokens = curves.find(({ name }) => name === 'num_tokens');
  return tokens && new Map(tokens.steps.map((step, at) => [step, Number(tokens.values[at])]));
}
