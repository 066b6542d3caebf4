import type { RefObject } from 'preact';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { JsonScore } from '../../src/domain/score';
import type { Line, Look } from './chart';
import { MARGIN, specOf } from './chartSpec';
import { Drawing } from './drawing';
import { rowsOf } from './rows';
import { useTheme } from './theme';

interface Drawn {
  readonly lines: readonly Line[];
  readonly look: Look;
  /** Of the plot, in pixels. */
  readonly height: number;
  readonly marks: readonly { readonly step: number; readonly label: string }[];
}

/** The drawing in `host`: compiled anew when its form or the theme changes, else only given new data. */
export function useDrawing(
  host: RefObject<HTMLDivElement | null>,
  { lines, look, height, marks }: Drawn,
): RefObject<Drawing | null> {
  const drawing = useRef<Drawing>(null);
  const theme = useTheme();
  const { near, seen } = useNear(host);
  const rows = useMemo(() => (near ? lines.flatMap((line) => rowsOf(line, look)) : []), [near, lines, look]);
  const form = { ...formOf(lines, look), height };
  const shape = JSON.stringify(form);
  useEffect(() => {
    const box = host.current;
    if (!box || !near) return;
    const drawn = new Drawing(box, specOf({ ...form, theme }), theme);
    drawing.current = drawn;
    const stop = fitting(drawn, box);
    return () => {
      stop();
      drawn.dispose();
      drawing.current = null;
    };
  }, [near, shape, theme]);
  useEffect(() => {
    const give = (): void => {
      const labels = marks.map(({ step, label }) => ({ x: look.across?.get(step) ?? step, label }));
      drawing.current?.data('points', rows);
      drawing.current?.data('marks', labels);
      void drawing.current?.draw();
    };
    // What is on the screen is drawn now, the rest when there is time.
    if (seen.current) return give();
    const waiting = requestIdleCallback(give, { timeout: 1000 });
    return () => cancelIdleCallback(waiting);
  }, [near, rows, marks, shape, theme]);
  return drawing;
}

type Form = Pick<Parameters<typeof specOf>[0], 'names' | 'band' | 'smooth' | 'log' | 'whole' | 'flat'>;

function formOf(lines: readonly Line[], look: Look): Form {
  const flat = flatAt(lines);
  return {
    names: lines.length,
    band: lines.some((line) => line.low),
    smooth: look.smoothing > 0,
    log: look.log,
    whole: look.unit === 'step' && !look.across,
    ...(flat === undefined ? {} : { flat }),
  };
}

/** The one value of lines that never change; an axis needs more than a point. */
function flatAt(lines: readonly Line[]): number | undefined {
  const [first] = lines.flatMap(({ values }) => values.find(isNumber) ?? []);
  const same = lines.every((line) => !line.low && line.values.every((value) => !isNumber(value) || value === first));
  return same ? first : undefined;
}

function isNumber(value: JsonScore): value is number {
  return typeof value === 'number';
}

/** As wide as its box, now and whenever that changes. */
function fitting(drawn: Drawing, box: HTMLElement): () => void {
  let width = 0;
  const fit = (): boolean => {
    const before = width;
    width = Math.max(80, box.clientWidth - MARGIN - 12);
    if (width !== before) drawn.width(width);
    return width !== before;
  };
  const watching = new ResizeObserver(() => {
    if (fit()) void drawn.draw();
  });
  fit();
  watching.observe(box);
  return () => watching.disconnect();
}

/** Is the chart on the screen, or within a screen and a half of it? Others are not drawn. */
function useNear(host: RefObject<HTMLDivElement | null>): {
  readonly near: boolean;
  readonly seen: RefObject<boolean>;
} {
  const [near, setNear] = useState(false);
  const seen = useRef(true);
  useEffect(() => {
    const around = new IntersectionObserver((found) => setNear(found.at(-1)?.isIntersecting ?? false), {
      rootMargin: '150% 0px',
    });
    const within = new IntersectionObserver((found) => void (seen.current = found.at(-1)?.isIntersecting ?? false));
    for (const watching of [around, within]) if (host.current) watching.observe(host.current);
    return () => [around, within].forEach((watching) => watching.disconnect());
  }, []);
  return { near, seen };
}
