import { open, rename, rm } from 'node:fs/promises';
import { exporterOf, type ExportFormat } from '../../domain/rollouts/export';
import type { Table } from './table';

/** Rows written at once. */
const STRETCH = 1000;

export interface Saving {
  readonly file: string;
  readonly format: ExportFormat;
  readonly signal?: AbortSignal;
}

/** Writes rows to a file, which appears whole or not at all; gives how many they were. */
export async function saveRows(table: Table, rows: Int32Array, { file, format, signal }: Saving): Promise<number> {
  const exporter = exporterOf(format, table.rewards);
  const part = `${file}.part`;
  const handle = await open(part, 'w');
  try {
    await handle.write(exporter.head);
    for (let from = 0; from < rows.length; from += STRETCH) {
      signal?.throwIfAborted();
      const completions = await table.completions([...rows.subarray(from, from + STRETCH)]);
      await handle.write(completions.map((completion) => exporter.row(completion)).join(''));
    }
    await handle.close();
    await rename(part, file);
  } catch (error) {
    await handle.close();
    await rm(part, { force: true });
    throw error;
  }
  return rows.length;
}
