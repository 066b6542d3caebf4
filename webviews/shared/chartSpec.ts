import type { TopLevelSpec } from 'vega-lite';
import type { Theme } from './theme';

interface Wanted {
  /** How many lines there are; one needs no legend. */
  readonly names: number;
  /** Has any line a spread? */
  readonly band: boolean;
  /** Is a moving average drawn over the line? */
  readonly smooth: boolean;
  readonly log: boolean;
  /** Does the horizontal axis count steps? */
  readonly whole: boolean;
  /** The value of lines that never change. */
  readonly flat?: number;
  /** With the legend, where there is one. */
  readonly height: number;
  readonly theme: Theme;
}

/** Room for the labels of the vertical axis, in pixels; the same everywhere, so that charts stand in line. */
export const MARGIN = 44;

/** Height of a legend, in pixels: taken from the plot, so that all charts are of one height. */
const LEGEND = 24;

/** The vega-lite of a chart over two named data sets: `points` (rows of `rows.ts`) and `marks` (`{x, label}`). */
export function specOf({ names, band, smooth, log, whole, flat, height: all, theme }: Wanted): TopLevelSpec {
  const height = names > 1 ? all - LEGEND : all;
  const y = { field: 'value', type: 'quantitative', title: null, scale: scaleOf(log, flat), axis: AXIS };
  const color = { field: 'line', type: 'nominal', legend: names > 1 ? {} : null, sort: null };
  const layer = [
    ...(band ? [bandOf(y)] : []),
    lineOf(y, smooth ? 0.3 : 1),
    ...(smooth ? [lineOf({ ...y, field: 'smooth' }, 1)] : []),
    oddMarks(height, theme),
    ...attemptMarks(theme),
  ];
  const frame = { autosize: { type: 'pad' }, height, width: 300, padding: 2, data: { name: 'points' } };
  return { $schema: SCHEMA, ...frame, encoding: { x: across(whole), color }, layer } as unknown as TopLevelSpec;
}

const SCHEMA = 'https://vega.github.io/schema/vega-lite/v6.json';

/** Short labels: small numbers with an exponent, large ones with a letter. */
const LABEL =
  "datum.value != 0 && abs(datum.value) < 0.001 ? format(datum.value, '~e') : " +
  "abs(datum.value) >= 10000 ? format(datum.value, '~s') : format(datum.value, '~g')";

/** There is no step between two steps. */
function across(whole: boolean): object {
  const axis = { labelExpr: LABEL, ...(whole ? { tickMinStep: 1 } : {}) };
  return { field: 'x', type: 'quantitative', title: null, scale: { nice: false, zero: false }, axis };
}

const AXIS = { labelExpr: LABEL, minExtent: MARGIN, maxExtent: MARGIN };

function scaleOf(log: boolean, flat: number | undefined): object {
  if (flat !== undefined && (!log || flat > 0)) return { ...(log ? { type: 'log' } : {}), domain: around(flat) };
  return log ? { type: 'log', zero: false } : { zero: false };
}

/** Nothing at the bottom, anything else in the middle. */
function around(flat: number): readonly [number, number] {
  if (flat === 0) return [0, 1];
  return flat > 0 ? [flat * 0.5, flat * 1.5] : [flat * 1.5, flat * 0.5];
}

function bandOf(y: object): object {
  return {
    transform: [{ filter: 'isValid(datum.low) && isValid(datum.high)' }],
    mark: { type: 'area', opacity: 0.18 },
    encoding: { y: { ...y, field: 'low' }, y2: { field: 'high' } },
  };
}

function lineOf(y: object, opacity: number): object {
  return {
    mark: { type: 'line', strokeWidth: 1.5, opacity, invalid: 'break-paths-show-path-domains' },
    encoding: { y },
  };
}

/** A cross on the axis where a value is no number. */
function oddMarks(height: number, theme: Theme): object {
  return {
    transform: [{ filter: 'isValid(datum.word)' }],
    mark: { type: 'text', text: '×', fontSize: 15, fontWeight: 'bold' },
    encoding: { y: { value: height - 5 }, color: { value: theme.error } },
  };
}

/** A rule with its label where another attempt took over. */
function attemptMarks(theme: Theme): object[] {
  const data = { name: 'marks' };
  const x = { field: 'x', type: 'quantitative' };
  const color = { value: theme.quiet };
  return [
    { data, mark: { type: 'rule', opacity: 0.7 }, encoding: { x, color } },
    {
      data,
      mark: { type: 'text', align: 'left', dx: 3, fontSize: 10 },
      encoding: { x, y: { value: 6 }, text: { field: 'label' }, color },
    },
  ];
}
