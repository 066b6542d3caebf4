import type { RawRecord, Recognise, Shape } from '../rollouts/rollout';
import { easyr1Rollouts, generationsIn } from './easyr1/rollouts';
import { ownRollouts } from './own/rollouts';
import { swiftRollouts } from './swift/rollouts';
import { trlRollouts } from './trl/rollouts';
import { verlRollouts } from './verl/rollouts';

/** Most particular first; the last takes any record that has a text. */
const ALL: readonly Recognise[] = [trlRollouts, swiftRollouts, verlRollouts, easyr1Rollouts, ownRollouts];

/** How records of this file are to be understood; undefined where no framework knows them. */
export function shapeOf(record: RawRecord, file: string): Shape | undefined {
  for (const recognise of ALL) {
    const shape = recognise(record, file);
    if (shape) return shape;
  }
  return undefined;
}

/** Reads records from a text that is no JSONL; `end` is the offset behind the last whole one. */
export type ReadBlocks = (text: string) => { readonly records: readonly RawRecord[]; readonly end: number };

/** How a file that is no JSONL is cut into records, by its name. */
export function blocksOf(file: string): ReadBlocks | undefined {
  return /(^|[\\/])generations\.log$/.test(file) ? generationsIn : undefined;
}
