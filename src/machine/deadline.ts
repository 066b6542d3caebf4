import type { Tick } from '../domain/dialects/dialect';
import { Problem } from '../domain/problem';

/** Ticks between two looks at the clock. */
const EACH = 64;

/** A tick that throws a `Problem` once this many milliseconds have gone. */
export function deadline(milliseconds: number): Tick {
  const until = performance.now() + milliseconds;
  let ticks = 0;
  return () => {
    if (++ticks % EACH !== 0 || performance.now() < until) return;
    const message = `Reading this text took over ${milliseconds} ms, so it is not checked.`;
    throw new Problem({ code: 'timeout', message });
  };
}
