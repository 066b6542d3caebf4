import type { VNode } from 'preact';
import { useMemo, useRef } from 'preact/hooks';
import type { JsonScore } from '../../src/domain/score';
import type { Drawing } from './drawing';
import { Button } from './ui';
import { useDrawing } from './useDrawing';

/** One line of a chart, with the band of its spread where there is one. */
export interface Line {
  readonly name: string;
  readonly steps: readonly number[];
  readonly values: readonly JsonScore[];
  readonly low?: readonly JsonScore[];
  readonly high?: readonly JsonScore[];
}

/** How all charts of a page are drawn. */
export interface Look {
  /** Weight of the moving average, 0 for none. */
  readonly smoothing: number;
  readonly log: boolean;
  /** From a step to its place on the horizontal axis; absent: the step itself. */
  readonly across?: ReadonlyMap<number, number>;
  /** What the horizontal axis counts. */
  readonly unit: string;
}

interface Props {
  readonly title: string;
  readonly lines: readonly Line[];
  readonly look?: Look;
  /** Height of the plot in pixels. */
  readonly height?: number;
  readonly marks?: readonly { readonly step: number; readonly label: string }[];
  /** The step under the mouse, shared by all charts of a page. */
  readonly cursor?: number | undefined;
  readonly onCursor?: (step: number | undefined) => void;
  readonly onChoose?: (step: number) => void;
  readonly onKeep?: (kind: 'png' | 'svg' | 'copy', data: string) => void;
}

/** Height of a plot, in pixels. */
const HEIGHT = 150;

const PLAIN: Look = { smoothing: 0, log: false, unit: 'step' };
const NONE: NonNullable<Props['marks']> = [];

/** Curves over steps. What is no number leaves a gap in its line and a mark on the axis. */
export function Chart(props: Props): VNode {
  const { title, look = PLAIN, cursor, height = HEIGHT, marks = NONE } = props;
  const lines = useSteady(props.lines);
  const host = useRef<HTMLDivElement>(null);
  const drawing = useDrawing(host, { lines, look, height, marks });
  const places = useMemo(() => placesOf(lines, look), [lines, look]);
  const stepAt = (event: MouseEvent): number | undefined => {
    const x = drawing.current?.across(event.clientX);
    return x === undefined ? undefined : nearest(places, x);
  };
  const chosen = (event: MouseEvent): void => {
    const step = stepAt(event);
    if (step !== undefined) props.onChoose?.(step);
  };
  const at = cursor === undefined ? undefined : drawing.current?.placeOf(look.across?.get(cursor) ?? cursor);
  return (
    <figure class="chart" aria-label={title}>
      <figcaption>
        <span class="title" title={title}>
          {title}
        </span>
        {props.onKeep && <Keeping drawing={() => drawing.current} keep={props.onKeep} />}
        <span class="quiet readout">{readout(lines, cursor, look)}</span>
      </figcaption>
      <div
        class={`plot${props.onChoose ? ' choosing' : ''}`}
        style={{ minHeight: `${height + 30}px` }}
        onMouseMove={(event) => props.onCursor?.(stepAt(event))}
        onMouseLeave={() => props.onCursor?.(undefined)}
        onClick={chosen}
      >
        <div ref={host} />
        {at !== undefined && <span class="cursor" style={{ left: `${at}px`, height: `${height}px` }} />}
      </div>
    </figure>
  );
}

/** The same list as before as long as it holds the same lines. */
function useSteady(lines: readonly Line[]): readonly Line[] {
  const kept = useRef(lines);
  const same = kept.current.length === lines.length && lines.every((line, at) => line === kept.current[at]);
  if (!same) kept.current = lines;
  return kept.current;
}

type Keep = (kind: 'png' | 'svg' | 'copy', data: string) => void;

/** Buttons that take the picture along. */
function Keeping({ drawing, keep }: { drawing: () => Drawing | null; keep: Keep }): VNode {
  const take = (kind: 'png' | 'svg' | 'copy') => (): void => {
    const drawn = drawing();
    if (!drawn) return;
    const data = kind === 'png' ? drawn.png() : kind === 'svg' ? drawn.svg() : Promise.resolve(drawn.source());
    void data.then((text) => keep(kind, text));
  };
  return (
    <span class="keeping">
      <Button appearance="icon" title="Save as PNG" onClick={take('png')}>
        png
      </Button>
      <Button appearance="icon" title="Save as SVG" onClick={take('svg')}>
        svg
      </Button>
      <Button appearance="icon" title="Copy as vega-lite" onClick={take('copy')}>
        copy
      </Button>
    </span>
  );
}

interface Place {
  readonly step: number;
  readonly x: number;
}

/** Every step of the lines with its place, in order. */
function placesOf(lines: readonly Line[], { across }: Look): Place[] {
  const steps = [...new Set(lines.flatMap((line) => line.steps))].sort((a, b) => a - b);
  return steps.map((step) => ({ step, x: across?.get(step) ?? step }));
}

function nearest(places: readonly Place[], x: number): number | undefined {
  let best: Place | undefined;
  for (const place of places) if (!best || Math.abs(place.x - x) < Math.abs(best.x - x)) best = place;
  return best?.step;
}

/** What the lines say at the cursor, else at their end. */
function readout(lines: readonly Line[], cursor: number | undefined, { unit }: Look): string {
  const said = lines.map((line) => {
    const at = cursor === undefined ? line.steps.length - 1 : line.steps.indexOf(cursor);
    const value = line.values[at];
    return value === undefined ? '–' : typeof value === 'number' ? Number(value.toPrecision(4)).toString() : value;
  });
  const place = unit === 'minute' ? `minute ${cursor?.toFixed(1)}` : `step ${cursor}`;
  return (cursor === undefined ? '' : `${place}: `) + said.join(' · ');
}
