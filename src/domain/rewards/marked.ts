import type { RegexCall } from './explained';

/** A stretch of a completion that the same regular expressions matched. */
export interface MarkedPiece {
  readonly text: string;
  /** How many matches and groups cover it; 0: none. */
  readonly depth: number;
  /** Regular expressions, by index, that stopped right before it. */
  readonly stops: readonly number[];
}

/** The completion cut where matches and groups begin and end; joined together it is the text again. */
export function markedPieces(text: string, regexes: readonly RegexCall[]): MarkedPiece[] {
  const placed = regexes.map((regex) => (regex.inCompletion < 0 ? undefined : placedIn(text, regex)));
  const spans = placed.flatMap((found) => found?.spans ?? []);
  const stops = placed.map((found) => found?.stop);
  const cuts = new Set([0, text.length, ...spans.flat(), ...stops.flatMap((stop) => stop ?? [])]);
  const ordered = [...cuts].sort((a, b) => a - b);
  const pieces = ordered.map((from, at) => ({
    text: text.slice(from, ordered[at + 1] ?? text.length),
    depth: spans.filter(([start, end]) => start <= from && from < end).length,
    stops: stops.flatMap((stop, index) => (stop === from ? [index] : [])),
  }));
  return pieces.filter((piece) => piece.text !== '' || piece.stops.length > 0);
}

interface Placed {
  readonly spans: readonly (readonly [number, number])[];
  readonly stop?: number;
}

function placedIn(text: string, { inCompletion, spans, stop }: RegexCall): Placed {
  const within = (offset: number): number => Math.min(text.length, Math.max(0, inCompletion + offset));
  const moved = spans.filter(([from]) => from >= 0).map(([from, to]) => [within(from), within(to)] as const);
  return { spans: moved, ...(stop ? { stop: within(stop.at) } : {}) };
}
