import { resolve } from 'node:path';
import type { Recasting } from '../../domain/dataset/recast';
import { mixedMedia } from './columns';
import { formOf, type Done, type Job, type Stretch } from './convertJob';
import { parquetGroupAt } from './parquetRecords';
import { prepared } from './prepared';
import { RowReader } from './tape/rowReader';
import { Way } from './way';

/** Longer stretches of lines, which single huge records make, are read one by one: their bytes are not held twice. */
const LONGEST = 16 << 20;
/** The most bytes of a row group that are read whole. */
const LARGEST = 512 << 20;

let last: { readonly key: string; readonly way: Way } | undefined;

/**
 * Carries a job out without an object for each record. Undefined where the ordinary way must do it: for records that were
 * read already, for files that are written unusually, and where a value is of another type than its column.
 */
export async function onTape(job: Job): Promise<Done | undefined> {
  const { stretch, types, ...rest } = job;
  if (stretch.kind === 'records' || (job.output === 'parquet' && mixedMedia(types).length > 0)) return undefined;
  const key = JSON.stringify([rest, types, stretch.kind]);
  if (last?.key !== key) last = { key, way: new Way(job, recastingOf(job)) };
  if (stretch.kind === 'rows') return rows(last.way, stretch, job.output === 'parquet');
  return stretch.bytes.length > LONGEST ? undefined : last.way.lines(stretch.bytes);
}

function recastingOf(job: Job): Recasting & { readonly folder?: string } {
  const { from, to, mediaFolder } = job;
  return {
    from: formOf(from),
    to: formOf(to),
    prepare: (record) => prepared(record, job),
    ...(mediaFolder === undefined ? {} : { folder: resolve(mediaFolder) }),
  };
}

type Rows = Extract<Stretch, { kind: 'rows' }>;

async function rows(way: Way, { file, from, to }: Rows, checked: boolean): Promise<Done | undefined> {
  const found = await parquetGroupAt(file, from, to);
  if (!found || found.group.total_byte_size > LARGEST) return undefined;
  try {
    const reader = new RowReader(way.tape, found.metadata, checked);
    reader.begin(found.group, await found.read(), found.start);
    return way.rows(reader, to - from);
  } catch (error) {
    // It is written unusually, or damaged: the ordinary reading finds the words.
    if (error instanceof Error) return undefined;
    throw error;
  }
}
