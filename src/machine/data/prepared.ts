import { resolve } from 'node:path';
import { MEDIA, type DataRecord } from '../../domain/dataset/dataset';

/** What is done to a record beside bringing it into another form. */
export interface Preparing {
  /** The column that is the solution, where there is no other. */
  readonly solution?: string;
  /** The folder that relative paths of media start from. */
  readonly mediaFolder?: string;
}

/** With the solution from its column, and paths made whole. */
export function prepared(read: DataRecord, { solution, mediaFolder }: Preparing): DataRecord {
  return withPaths(withSolution(read, solution), mediaFolder);
}

function withSolution(record: DataRecord, name: string | undefined): DataRecord {
  if (name === undefined || record.solution !== undefined || record.columns[name] === undefined) return record;
  const { [name]: solution, ...columns } = record.columns;
  return { ...record, solution, columns };
}

function withPaths(record: DataRecord, folder: string | undefined): DataRecord {
  if (folder === undefined) return record;
  const media = MEDIA.map((key) => [
    key,
    record[key].map((one) => (isLocal(one.path) && !one.bytes ? { ...one, path: resolve(folder, one.path) } : one)),
  ]);
  return { ...record, ...(Object.fromEntries(media) as Partial<DataRecord>) };
}

function isLocal(path: string | undefined): path is string {
  return path !== undefined && !/^[a-z]+:/i.test(path);
}
