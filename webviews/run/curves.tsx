import type { ComponentChildren, VNode } from 'preact';
import { useCallback, useMemo, useState } from 'preact/hooks';
import type { RunOpening, RunPanel } from '../../src/wire/runPanel';
import type { Called } from '../../src/wire/wire';
import { Chart, type Look } from '../shared/chart';
import { Checkbox, Dropdown, TextField } from '../shared/ui';
import { gpuPictures, searched, sections, type Picture, type Section } from './charts';
import type { Place } from './place';
import { Waiting } from './waiting';

interface Props {
  readonly editor: Called<RunPanel>;
  readonly run: RunOpening;
  readonly place: Place;
  readonly move: (change: Partial<Place>) => void;
}

const NONE: NonNullable<RunOpening['marks']> = [];

/** The curated charts, those of the metrics searched for, and those of the GPUs. */
export function Curves(props: Props): VNode {
  const { editor, run, place, move } = props;
  const found = useMemo(() => searched(run.curves, place.search), [run.curves, place.search]);
  const gpus = useMemo(() => gpuPictures(run.gpu ?? []), [run.gpu]);
  if (run.curves.length === 0 && gpus.length === 0) return <Waiting editor={editor} run={run} />;
  return (
    <>
      <Tools run={run} place={place} move={move} found={found.count} shown={found.pictures.length} />
      {run.curves.length === 0 && <Waiting editor={editor} run={run} />}
      <OfSteps {...props} found={found.pictures} />
      <OfGpus {...props} pictures={gpus} />
    </>
  );
}

function OfSteps({ editor, run, place, move, found }: Props & { found: readonly Picture[] }): VNode {
  const [cursor, setCursor] = useState<number>();
  const look = useLook(place, run);
  const curated = useMemo(() => sections(run.curves), [run.curves]);
  const keep = useKeep(editor, run.header.name);
  const choose = useCallback((step: number) => void editor.ask('completions', { step }), []);
  const shared = { look, marks: run.marks ?? NONE, cursor, onCursor: setCursor, onChoose: choose };
  const all: Section[] = found.length > 0 ? [{ title: `Found`, pictures: found }, ...curated] : curated;
  return (
    <>
      {all.map(({ title, pictures }) => (
        <Group key={title} title={title} place={place} move={move}>
          {pictures.map((drawn) => (
            <Chart key={drawn.title} title={drawn.title} lines={drawn.lines} onKeep={keep(drawn.title)} {...shared} />
          ))}
        </Group>
      ))}
    </>
  );
}

function OfGpus({ editor, run, place, move, pictures }: Props & { pictures: readonly Picture[] }): VNode | null {
  const [moment, setMoment] = useState<number>();
  const look = useMemo(() => ({ smoothing: place.smoothing, log: false, unit: 'minute' }), [place.smoothing]);
  const keep = useKeep(editor, run.header.name);
  if (pictures.length === 0) return null;
  return (
    <Group title="GPUs" place={place} move={move}>
      {pictures.map(({ title, lines }) => (
        <Chart
          key={title}
          title={title}
          lines={lines}
          look={look}
          cursor={moment}
          onCursor={setMoment}
          onKeep={keep(title)}
        />
      ))}
    </Group>
  );
}

type Keep = (kind: 'png' | 'svg' | 'copy', data: string) => void;

function useKeep(editor: Called<RunPanel>, run: string): (name: string) => Keep {
  return useCallback(
    (name: string) => (kind: 'png' | 'svg' | 'copy', data: string) =>
      void editor.ask('keep', { name: `${run} ${name}`, kind, data }),
    [run],
  );
}

interface GroupProps extends Pick<Props, 'place' | 'move'> {
  readonly title: string;
  readonly children: ComponentChildren;
}

/** A heading that folds its charts away. */
function Group({ title, place, move, children }: GroupProps): VNode {
  const open = !place.folded.includes(title);
  const toggle = (event: Event): void => {
    event.preventDefault();
    move({ folded: open ? [...place.folded, title] : place.folded.filter((other) => other !== title) });
  };
  return (
    <details class="group" open={open}>
      <summary onClick={toggle}>{title}</summary>
      {open && <section class="charts">{children}</section>}
    </details>
  );
}

interface ToolsProps extends Omit<Props, 'editor'> {
  readonly found: number;
  readonly shown: number;
}

function Tools({ run, place, move, found, shown }: ToolsProps): VNode {
  const axes = axesOf(run);
  return (
    <div class="tools">
      <TextField
        value={place.search}
        title="Any metric by its name"
        placeholder={`Find in ${run.curves.length} metrics`}
        onInput={(search) => move({ search })}
      />
      {place.search !== '' && <span class="quiet">{foundWords(found, shown)}</span>}
      <label>
        Smoothing
        <input
          type="range"
          min="0"
          max="0.98"
          step="0.02"
          value={place.smoothing}
          aria-label="Smoothing"
          onInput={(event) => move({ smoothing: Number(event.currentTarget.value) })}
        />
        <span class="quiet figure">{place.smoothing === 0 ? 'off' : place.smoothing.toFixed(2)}</span>
      </label>
      <Checkbox checked={place.log} onChange={(log) => move({ log })}>
        Log axis
      </Checkbox>
      {axes.length > 1 && (
        <label>
          Over
          <Dropdown
            title="Horizontal axis"
            value={place.axis}
            options={axes}
            onChange={(axis) => move({ axis: axes.find((known) => known === axis) ?? 'step' })}
          />
        </label>
      )}
    </div>
  );
}

function foundWords(found: number, shown: number): string {
  if (found === 0) return 'no metric has this in its name';
  return found > shown ? `${shown} of ${found} shown` : `${found} found`;
}

/** What the horizontal axis can count for this run. */
function axesOf({ clock, curves }: RunOpening): Place['axis'][] {
  const tokens = curves.some(({ name }) => name === 'num_tokens');
  return ['step', ...(clock ? ['time' as const] : []), ...(tokens ? ['tokens' as const] : [])];
}

/** On the time axis every step stands at its minutes since the start, on that of tokens at those seen so far. */
function useLook({ smoothing, log, axis }: Place, run: RunOpening): Look {
  const tokens = run.curves.find(({ name }) => name === 'num_tokens');
  const told = axis === 'time' ? run.clock : axis === 'tokens' ? tokens : undefined;
  const across = useMemo(() => (axis === 'time' ? minutesOf(run) : tokensOf(run)), [axis, told]);
  return useMemo(
    () => ({ smoothing, log, unit: 'step', ...(told && across ? { across } : {}) }),
    [smoothing, log, told, across],
  );
}

function minutesOf({ clock }: RunOpening): ReadonlyMap<number, number> | undefined {
  return clock ? new Map(clock.steps.map((step, at) => [step, (clock.seconds[at] ?? 0) / 60])) : undefined;
}

function tokensOf({ curves }: RunOpening): ReadonlyMap<number, number> | undefined {
  const tokens = curves.find(({ name }) => name === 'num_tokens');
  return tokens && new Map(tokens.steps.map((step, at) => [step, Number(tokens.values[at])]));
}
