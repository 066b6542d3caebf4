import type { TopLevelSpec } from 'vega-lite';
import type { Theme } from './theme';

interface Wanted {
  /** How many lines there are; one needs no legend. */
  readonly names: number;
  /** Has any line a spread? */
  readonly band: boolean;
  readonly height: number;
  readonly theme: Theme;
}

/** The vega-lite of a chart over two named data sets: `points` (`Row`s of `chart.tsx`) and `cursor` (`{step}` or nothing). */
export function specOf({ names, band, height, theme }: Wanted): TopLevelSpec {
  const x = { field: 'step', type: 'quantitative', title: null, scale: { nice: false, zero: false } };
  const color = { field: 'line', type: 'nominal', legend: names > 1 ? {} : null, sort: null };
  const layer = [...(band ? [BAND] : []), LINE, oddMarks(height, theme), cursorRule(theme)];
  const frame = { autosize: { type: 'pad' }, height, width: 300, padding: 2, data: { name: 'points' } };
  return { $schema: SCHEMA, ...frame, encoding: { x, color }, layer } as unknown as TopLevelSpec;
}

/** Room for the labels of the vertical axis, in pixels; the same everywhere, so that charts stand in line. */
export const MARGIN = 44;

const SCHEMA = 'https://vega.github.io/schema/vega-lite/v6.json';

/** Short labels: small numbers with an exponent. */
const LABEL = "datum.value != 0 && abs(datum.value) < 0.001 ? format(datum.value, '~e') : format(datum.value, '~s')";

const Y = {
  field: 'value',
  type: 'quantitative',
  title: null,
  scale: { zero: false },
  axis: { labelExpr: LABEL, minExtent: MARGIN, maxExtent: MARGIN },
};

const BAND = {
  transform: [{ filter: 'isValid(datum.low) && isValid(datum.high)' }],
  mark: { type: 'area', opacity: 0.18 },
  encoding: { y: { ...Y, field: 'low' }, y2: { field: 'high' } },
};

const LINE = {
  mark: { type: 'line', strokeWidth: 1.5, invalid: 'break-paths-show-path-domains' },
  encoding: { y: Y },
};

/** A cross on the axis where a value is no number. */
function oddMarks(height: number, theme: Theme): object {
  return {
    transform: [{ filter: 'isValid(datum.word)' }],
    mark: { type: 'text', text: '×', fontSize: 13, fontWeight: 'bold' },
    encoding: { y: { value: height - 5 }, color: { value: theme.error } },
  };
}

function cursorRule(theme: Theme): object {
  return {
    data: { name: 'cursor' },
    mark: { type: 'rule', strokeDash: [3, 3] },
    encoding: { x: { field: 'step', type: 'quantitative' }, color: { value: theme.quiet } },
  };
}
