import { basename } from 'node:path';
import { LinesSource } from './lines';
import { ParquetSource } from './parquet';
import type { Source } from './source';

/** Opens a file of records by its kind. Throws, with the reason, where it is none. */
export function openSource(file: string, growing: boolean): Source {
  const name = basename(file).toLowerCase();
  if (name.endsWith('.parquet')) return new ParquetSource(file);
  return new LinesSource(file, growing);
}
