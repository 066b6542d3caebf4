import { afterEach, beforeEach } from 'vitest';
import type { Runs } from '../../src/machine/runs/runs';
import { makePlace, type Place } from './place';

/** Each test of the file gets a home of its own and the runs there, which are gone after it. */
export function eachPlace(take: (fresh: { readonly place: Place; readonly runs: Runs }) => void): void {
  let fresh: { readonly place: Place; readonly runs: Runs };
  beforeEach(() => {
    const place = makePlace();
    fresh = { place, runs: place.runs() };
    take(fresh);
  });
  afterEach(() => {
    fresh.runs.dispose();
    fresh.place.remove();
  });
}
