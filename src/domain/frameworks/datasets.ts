import type { DataForm } from '../dataset/dataset';
import type { RawRecord } from '../rollouts/rollout';
import { easyr1Dataset } from './easyr1/dataset';
import { ownDataset } from './own/dataset';
import { swiftDataset } from './swift/dataset';
import { trlDataset } from './trl/dataset';
import { verlDataset } from './verl/dataset';

/** The forms of data sets, the more particular first. */
export const dataForms: readonly DataForm[] = [swiftDataset, ownDataset, verlDataset, easyr1Dataset, trlDataset];

/** The form of a record; undefined where it has none of them. */
export function formOf(record: RawRecord): DataForm | undefined {
  return dataForms.find((form) => form.isIn(record));
}
