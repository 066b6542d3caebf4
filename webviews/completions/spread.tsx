import type { TopLevelSpec } from 'vega-lite';
import type { VNode } from 'preact';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { brushed } from '../../src/domain/rollouts/brush';
import type { CompletionsPanel, Spread } from '../../src/wire/completionsPanel';
import type { Called } from '../../src/wire/wire';
import { Chart } from '../shared/chart';
import { MARGIN } from '../shared/chartSpec';
import { Drawing } from '../shared/drawing';
import { useTheme, type Theme } from '../shared/theme';

interface SpreadProps {
  readonly editor: Called<CompletionsPanel>;
  readonly view: number | undefined;
  readonly query: string;
  readonly onQuery: (query: string) => void;
}

/** How the rows shown are spread; what is brushed in a picture is filtered by. */
export function SpreadPictures({ editor, view, query, onQuery }: SpreadProps): VNode {
  const [spread, setSpread] = useState<Spread>();
  useEffect(() => {
    const given = new AbortController();
    if (view !== undefined) editor.ask('spread', { view }, given.signal).then(setSpread, () => undefined);
    return () => given.abort();
  }, [editor, view]);
  if (!spread) return <p class="quiet">Counting…</p>;
  const choose = (ranges: Ranges): void => onQuery(brushed(query, ranges));
  return (
    <section class="curves spread" aria-label="How these rows are spread">
      {spread.histograms.map(({ name, cells }) => (
        <Picture
          key={name}
          title={`${name} by step`}
          rows={cells}
          spec={histogram}
          fields={{ step: 'step', low: name }}
          onBrush={choose}
        />
      ))}
      <Picture
        title="length against total"
        rows={spread.points}
        spec={scatter}
        fields={{ length: 'len', total: 'total' }}
        onBrush={choose}
      />
      {spread.truncated ? (
        <Chart
          title="share of truncated completions"
          lines={[spread.truncated]}
          height={110}
          onChoose={(step) => onQuery(brushed(query, { step: [step, step] }))}
        />
      ) : (
        <p class="quiet">Truncated completions: the record does not say which (finish_reason or is_truncated would).</p>
      )}
    </section>
  );
}

/** By the name of a column in the query line: [from, to]. */
type Ranges = Readonly<Record<string, readonly [number, number]>>;

interface PictureProps {
  readonly title: string;
  readonly rows: readonly object[];
  readonly spec: (theme: Theme) => TopLevelSpec;
  /** From the picture's fields to columns of the query line. */
  readonly fields: Readonly<Record<string, string>>;
  readonly onBrush: (ranges: Ranges) => void;
}

function Picture({ title, rows, spec, fields, onBrush }: PictureProps): VNode {
  const host = useRef<HTMLDivElement>(null);
  const theme = useTheme();
  const brush = useRef(onBrush);
  brush.current = onBrush;
  const names = useMemo(() => fields, [JSON.stringify(fields)]);
  useEffect(() => {
    const box = host.current;
    if (!box) return;
    const drawing = new Drawing(box, spec(theme), theme);
    drawing.width(Math.max(80, box.clientWidth - MARGIN - 24));
    drawing.data('points', rows);
    let last: Ranges | undefined;
    drawing.onBrush((chosen) => {
      const known = Object.entries(chosen).flatMap(([field, range]) => (names[field] ? [[names[field], range]] : []));
      last = known.length > 0 ? (Object.fromEntries(known) as Ranges) : undefined;
    });
    const settle = (): void => {
      if (last) brush.current(last);
      last = undefined;
    };
    window.addEventListener('pointerup', settle);
    void drawing.draw();
    return () => {
      window.removeEventListener('pointerup', settle);
      drawing.dispose();
    };
  }, [rows, theme, names, spec]);
  return (
    <figure class="chart" aria-label={title}>
      <figcaption>
        <span class="title">{title}</span>
        <span class="quiet">drag to filter</span>
      </figcaption>
      {rows.length === 0 ? <p class="quiet">Nothing to draw.</p> : <div class="brushed" ref={host} />}
    </figure>
  );
}

const FRAME = { width: 300, height: 110, padding: 2, autosize: { type: 'pad' }, data: { name: 'points' } };
const AXIS = { minExtent: MARGIN, maxExtent: MARGIN };
const BRUSH = [{ name: 'brush', select: { type: 'interval' } }];

/** Steps across, scores up, the darker the more rows. */
function histogram(theme: Theme): TopLevelSpec {
  return {
    ...FRAME,
    params: BRUSH,
    mark: { type: 'rect', tooltip: false },
    encoding: {
      x: { field: 'step', type: 'quantitative', title: null, scale: { nice: false, zero: false }, axis: {} },
      x2: { field: 'stepTo' },
      y: { field: 'low', type: 'quantitative', title: null, scale: { nice: false, zero: false }, axis: AXIS },
      y2: { field: 'high' },
      color: { value: theme.lines[0] },
      opacity: { field: 'rows', type: 'quantitative', legend: null, scale: { type: 'sqrt', range: [0.06, 1] } },
    },
  } as unknown as TopLevelSpec;
}

function scatter(theme: Theme): TopLevelSpec {
  return {
    ...FRAME,
    params: BRUSH,
    mark: { type: 'circle', size: 12 },
    encoding: {
      x: { field: 'length', type: 'quantitative', title: null, scale: { nice: false, zero: false }, axis: {} },
      y: { field: 'total', type: 'quantitative', title: null, scale: { zero: false }, axis: AXIS },
      color: { value: theme.lines[0] },
      opacity: { value: 0.35 },
    },
  } as unknown as TopLevelSpec;
}
