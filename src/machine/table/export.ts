import { open, rename, rm } from 'node:fs/promises';
import { exporterOf, type ExportFormat } from '../../domain/rollouts/export';
import { Problem } from '../../domain/problem';
import { unwritten } from '../unwritten';
import type { Table } from './table';

/** Rows written at once. */
const STRETCH = 1000;

export interface Saving {
  readonly file: string;
  readonly format: ExportFormat;
  readonly signal?: AbortSignal;
}

/** Writes rows to a file, which appears whole or not at all; gives how many they were. Errors: `refused`, `cancelled`. */
export async function saveRows(table: Table, rows: Int32Array, { file, format, signal }: Saving): Promise<number> {
  const exporter = exporterOf(format, table.rewards);
  const part = `${file}.${process.pid}.part`;
  const handle = await open(part, 'w').catch((error: unknown) => unwritten(error, file));
  try {
    await handle.write(exporter.head);
    for (let from = 0; from < rows.length; from += STRETCH) {
      if (signal?.aborted) throw new Problem({ code: 'cancelled', message: 'Cancelled.' });
      const completions = await table.completions([...rows.subarray(from, from + STRETCH)]);
      await handle.write(completions.map((completion) => exporter.row(completion)).join(''));
    }
    await handle.close();
    await rename(part, file);
  } catch (error) {
    await handle.close();
    await rm(part, { force: true });
    unwritten(error, file);
  }
  return rows.length;
}
