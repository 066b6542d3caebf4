import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { VNode } from 'preact';
import type { JsonScore } from '../../src/domain/score';
import { MARGIN, specOf } from './chartSpec';
import { Drawing } from './drawing';
import { onTheme, readTheme, type Theme } from './theme';

/** One line of a chart, with the band of its spread where there is one. */
export interface Line {
  readonly name: string;
  readonly steps: readonly number[];
  readonly values: readonly JsonScore[];
  readonly low?: readonly JsonScore[];
  readonly high?: readonly JsonScore[];
}

interface Props {
  readonly title: string;
  readonly lines: readonly Line[];
  /** Height of the plot in pixels. */
  readonly height?: number;
  /** The step under the mouse, shared by all charts of a page. */
  readonly cursor?: number | undefined;
  readonly onCursor?: (step: number | undefined) => void;
}

/** Curves over steps. What is no number leaves a gap in its line and a mark on the axis. */
export function Chart({ title, lines, height = 150, cursor, onCursor }: Props): VNode {
  const host = useRef<HTMLDivElement>(null);
  const drawing = useRef<Drawing | undefined>(undefined);
  const theme = useTheme();
  const shape = JSON.stringify([lines.map((line) => line.name), lines.some((line) => line.low), height]);
  const rows = useMemo(() => lines.flatMap(rowsOf), [lines]);

  useEffect(() => {
    const box = host.current;
    if (!box) return;
    const drawn = new Drawing(
      box,
      specOf({ names: lines.length, band: lines.some((line) => line.low), height, theme }),
      theme,
    );
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
      drawing.current = undefined;
    };
  }, [shape, theme]);

  useEffect(() => {
    drawing.current?.data('points', rows);
    void drawing.current?.draw();
  }, [rows, shape, theme]);

  useEffect(() => {
    drawing.current?.data('cursor', cursor === undefined ? [] : [{ step: cursor }]);
    void drawing.current?.draw();
  }, [cursor, shape, theme]);

  const moved = (event: MouseEvent): void => {
    const across = drawing.current?.across(event.clientX);
    onCursor?.(across === undefined ? undefined : nearest(lines, across));
  };
  return (
    <figure class="chart" aria-label={title}>
      <figcaption>
        <span>{title}</span>
        <span class="quiet">{readout(lines, cursor)}</span>
      </figcaption>
      <div ref={host} onMouseMove={moved} onMouseLeave={() => onCursor?.(undefined)} />
    </figure>
  );
}

function useTheme(): Theme {
  const [theme, setTheme] = useState(readTheme);
  useEffect(() => onTheme(() => setTheme((old) => fresh(old, readTheme()))), []);
  return theme;
}

function fresh(old: Theme, now: Theme): Theme {
  return JSON.stringify(old) === JSON.stringify(now) ? old : now;
}

interface Row {
  readonly step: number;
  readonly line: string;
  readonly value: number | null;
  readonly low: number | null;
  readonly high: number | null;
  /** The word that stands for a value that is no number. */
  readonly word: string | null;
}

function rowsOf(line: Line): Row[] {
  return line.steps.map((step, at) => {
    const value = line.values[at];
    return {
      step,
      line: line.name,
      value: number(value),
      low: number(line.low?.[at]),
      high: number(line.high?.[at]),
      word: typeof value === 'string' ? value : null,
    };
  });
}

function number(score: JsonScore | undefined): number | null {
  return typeof score === 'number' ? score : null;
}

/** The step among those of the lines that is nearest. */
function nearest(lines: readonly Line[], across: number): number | undefined {
  const steps = lines[0]?.steps ?? [];
  let best: number | undefined;
  for (const step of steps) if (best === undefined || Math.abs(step - across) < Math.abs(best - across)) best = step;
  return best;
}

/** What the lines say at the cursor, else at their end. */
function readout(lines: readonly Line[], cursor: number | undefined): string {
  const said = lines.map((line) => {
    const at = cursor === undefined ? line.steps.length - 1 : line.steps.indexOf(cursor);
    const value = line.values[at];
    return value === undefined ? '–' : typeof value === 'number' ? Number(value.toPrecision(4)).toString() : value;
  });
  return (cursor === undefined ? '' : `step ${cursor}: `) + said.join(' · ');
}
