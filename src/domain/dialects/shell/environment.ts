import type { Span } from '../../config/finding';
import type { EnvironmentSetting } from '../../config/sheet';
import { textOf, type Piece } from './expand';

/** A variable that a command is given, from the place of its `NAME=value`. */
export function environmentSetting(name: string, span: Span, pieces: readonly Piece[] | undefined): EnvironmentSetting {
  const text = pieces && textOf({ pieces });
  const key = { start: span.start, end: span.start + name.length };
  const valueSpan = { start: key.end + 1, end: span.end };
  return text === undefined ? { name, key, valueSpan } : { name, key, valueSpan, text };
}
