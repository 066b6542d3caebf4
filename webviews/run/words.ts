import type { JsonScore } from '../../src/domain/score';

/** Seconds as people say them: `42 s`, `12 min`, `2 h 5 min`. */
export function duration(seconds: number): string {
  if (seconds < 9.95) return `${Number(seconds.toFixed(1))} s`;
  if (seconds < 90) return `${Math.round(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 90) return `${minutes} min`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** A value with at most four digits; a word stays a word. */
export function brief(value: JsonScore | undefined): string {
  if (value === undefined) return '–';
  return typeof value === 'number' ? Number(value.toPrecision(4)).toString() : value;
}
