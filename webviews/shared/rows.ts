import type { JsonScore } from '../../src/domain/score';
import { smooth } from '../../src/domain/runs/smooth';
import type { Line, Look } from './chart';

/** A point as the picture's data hold it. */
interface Row {
  readonly step: number;
  readonly x: number;
  readonly line: string;
  readonly value: number | null;
  readonly smooth: number | null;
  readonly low: number | null;
  readonly high: number | null;
  /** The word that stands for a value that is no number. */
  readonly word: string | null;
}

/** A line as rows; a logarithmic axis has no place for what is not above 0. */
export function rowsOf(line: Line, { smoothing, log, across }: Look): Row[] {
  const shown = (score: JsonScore | undefined): number | null =>
    typeof score === 'number' && (!log || score > 0) ? score : null;
  const values = line.values.map(shown);
  const even = smoothing > 0 ? smooth(values, smoothing) : values;
  return line.steps.map((step, at) => {
    const value = line.values[at];
    return {
      step,
      x: across?.get(step) ?? step,
      line: line.name,
      value: values[at] ?? null,
      smooth: even[at] ?? null,
      low: shown(line.low?.[at]),
      high: shown(line.high?.[at]),
      word: typeof value === 'string' && value !== 'unknown' ? value : null,
    };
  });
}
