import type { DataForm, DataRecord } from '../../domain/dataset/dataset';
import { formOf } from '../../domain/frameworks/datasets';
import { readRecords, type Numbered } from './records';

/** A record as it was understood, or why it was not. */
export interface Shown extends Pick<Numbered, 'row' | 'line' | 'bad'> {
  /** The form's name. */
  readonly form?: string;
  readonly record?: DataRecord;
}

/** Records [from, from + count) of a file. */
export async function show(
  file: string,
  { from, count, form }: { readonly from: number; readonly count: number; readonly form?: DataForm },
): Promise<readonly Shown[]> {
  const shown: Shown[] = [];
  for await (const numbered of readRecords(file)) {
    if (numbered.row >= from + count) break;
    if (numbered.row >= from) shown.push(understood(numbered, form));
  }
  return shown;
}

function understood({ row, line, record, bad }: Numbered, given?: DataForm): Shown {
  const place = { row, ...(line === undefined ? {} : { line }) };
  if (!record) return { ...place, bad: bad ?? '' };
  const form = given ?? formOf(record);
  if (!form) return { ...place, bad: 'It has none of the known forms.' };
  const read = form.read(record);
  return typeof read === 'string'
    ? { ...place, form: form.name, bad: read }
    : { ...place, form: form.name, record: read };
}
