import { shortened } from '../../base/shortened';
import type { SeenMedium } from './view';
import type { Size } from './vision';

/** A medium of a record as the model is given it, in one line. */
export function mediumText({ kind, label, size, shown, tokens, frames, of, why }: SeenMedium): string {
  const sides = (at: Size): string => `${at.width} × ${at.height}`;
  const parts = [
    ...(size ? [sides(size) + (shown ? ` → ${sides(shown)}` : '')] : []),
    ...(frames && of !== undefined ? [`${frames.length} of ${of} frames (${shortened(frames.join(' '), 40)})`] : []),
    ...(tokens === undefined ? [] : [`${tokens} tokens`]),
    ...(why === undefined ? [] : [why]),
  ];
  return `${kind} ${label}: ${parts.join(', ')}`;
}
