import type { RawRecord, Recognise, Shape } from '../rollout';
import { ownRollouts } from './own/rollouts';
import { trlRollouts } from './trl/rollouts';

/** Most particular first; the last takes any record that has a text. */
const ALL: readonly Recognise[] = [trlRollouts, ownRollouts];

/** How records of this file are to be understood; undefined where no framework knows them. */
export function shapeOf(record: RawRecord, file: string): Shape | undefined {
  for (const recognise of ALL) {
    const shape = recognise(record, file);
    if (shape) return shape;
  }
  return undefined;
}
