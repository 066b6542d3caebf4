import type { DataForm, DataRecord } from './dataset';
import type { RawRecord } from '../rollouts/rollout';
import { Changed, type Recast, type StandIns } from './standIns';

/** How records of one shape are brought into another form. */
export interface RecastShape {
  /** Fields of the new record. */
  readonly fields: readonly (readonly [key: string, value: Recast])[];
  /** What each such record loses, in words. */
  readonly lost: readonly string[];
}

/** From one form into another; `prepare` is what is done to every record between reading and holding it. */
export interface Recasting {
  readonly from: DataForm;
  readonly to: DataForm;
  prepare(record: DataRecord): DataRecord;
}

/**
 * What the forms do with every record that has the shape of this one, whose values are stand-ins. Undefined where they look
 * at the values themselves, or where it is no record of the form: then each such record must be read.
 */
export function recastShape(
  sample: RawRecord,
  standIns: StandIns,
  { from, to, prepare }: Recasting,
): RecastShape | undefined {
  try {
    const read = from.read(sample);
    if (typeof read === 'string') return undefined;
    const held = to.hold(prepare(read));
    const written = standIns.recast(to.write(held.record));
    return 'fields' in written ? { fields: written.fields, lost: held.lost } : undefined;
  } catch (error) {
    if (error instanceof Changed) return undefined;
    throw error;
  }
}

/** Keys within columns that forms look into whose texts decide what becomes of a record. */
export const DECIDING: ReadonlySet<string> = new Set(['role', 'from', 'type', 'style']);
