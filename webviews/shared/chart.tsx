import type { RefObject, VNode } from 'preact';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { JsonScore } from '../../src/domain/score';
import { MARGIN, specOf } from './chartSpec';
import { Drawing } from './drawing';
import { rowsOf } from './rows';
import { useTheme } from './theme';
import { Button } from './ui';

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

/** One empty list, so that a chart without marks is not drawn again for a new one. */
const NONE: NonNullable<Props['marks']> = [];

/** Height of a plot, in pixels. */
const HEIGHT = 150;

const PLAIN: Look = { smoothing: 0, log: false, unit: 'step' };

/** Curves over steps. What is no number leaves a gap in its line and a mark on the axis. */
export function Chart(props: Props): VNode {
  const { title, lines, look = PLAIN, cursor } = props;
  const host = useRef<HTMLDivElement>(null);
  const drawing = useDrawing(host, { ...props, look });
  const places = useMemo(() => placesOf(lines, look), [lines, look]);
  const stepAt = (event: MouseEvent): number | undefined => {
    const x = drawing.current?.across(event.clientX);
    return x === undefined ? undefined : nearest(places, x);
  };
  const chosen = (event: MouseEvent): void => {
    const step = stepAt(event);
    if (step !== undefined) props.onChoose?.(step);
  };
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
        ref={host}
        style={{ minHeight: `${(props.height ?? HEIGHT) + 30}px` }}
        onMouseMove={(event) => props.onCursor?.(stepAt(event))}
        onMouseLeave={() => props.onCursor?.(undefined)}
        onClick={chosen}
      />
    </figure>
  );
}

/** The drawing in `host`: compiled anew when its form or the theme changes, else only given new data. */
function useDrawing(
  host: RefObject<HTMLDivElement | null>,
  { lines, look, height = HEIGHT, marks = NONE, cursor }: Props & { readonly look: Look },
): RefObject<Drawing | null> {
  const drawing = useRef<Drawing>(null);
  const theme = useTheme();
  const form = { names: lines.length, band: lines.some((line) => line.low), smooth: look.smoothing > 0, log: look.log };
  const shape = JSON.stringify([form, height]);
  const near = useNear(host);
  const rows = useMemo(() => (near ? lines.flatMap((line) => rowsOf(line, look)) : []), [near, lines, look]);
  useEffect(() => {
    const box = host.current;
    if (!box || !near) return;
    const drawn = new Drawing(box, specOf({ ...form, height, theme }), theme);
    drawing.current = drawn;
    const fit = (): void => drawn.width(Math.max(80, box.clientWidth - MARGIN - 12));
    const watching = new ResizeObserver(() => {
      fit();
      void drawn.draw();
    });
    watching.observe(box);
    fit();
    return () => {
      watching.disconnect();
      drawn.dispose();
      drawing.current = null;
    };
  }, [near, shape, theme]);
  useEffect(() => {
    drawing.current?.data('points', rows);
    drawing.current?.data(
      'marks',
      marks.map(({ step, label }) => ({ x: look.across?.get(step) ?? step, label })),
    );
    void drawing.current?.draw();
  }, [near, rows, marks, shape, theme]);
  useEffect(() => {
    const x = cursor === undefined ? undefined : (look.across?.get(cursor) ?? cursor);
    drawing.current?.data('cursor', x === undefined ? [] : [{ x }]);
    void drawing.current?.draw();
  }, [near, cursor, look, shape, theme]);
  return drawing;
}

/** Is the chart on the screen, or within a screen and a half of it? Others are not drawn. */
function useNear(host: RefObject<HTMLDivElement | null>): boolean {
  const [near, setNear] = useState(false);
  useEffect(() => {
    const watching = new IntersectionObserver((seen) => setNear(seen.at(-1)?.isIntersecting ?? false), {
      rootMargin: '150% 0px',
    });
    if (host.current) watching.observe(host.current);
    return () => watching.disconnect();
  }, []);
  return near;
}

/** Buttons that take the picture along. */
function Keeping({
  drawing,
  keep,
}: {
  drawing: () => Drawing | null;
  keep: (kind: 'png' | 'svg' | 'copy', data: string) => void;
}): VNode {
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
