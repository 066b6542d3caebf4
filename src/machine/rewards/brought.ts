import { copyFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Disposable } from '../../base/disposable';
import type { TableProtocol } from '../../wire/completionsPanel';
import type { Called } from '../../wire/wire';
import { temporaryFolder } from '../temporary';

/** Rows of a table that is on a host, as files of this machine: rewards are only ever run here, on such files. */
export class Brought implements Disposable {
  #folder: string | undefined;
  #hasDataset = false;

  constructor(private readonly table: Called<TableProtocol>) {}

  /** The rows that the trainer scored together with this one, its step, with the data set beside them; and its place there. */
  async batchOf(row: number): Promise<readonly [path: string, row: number]> {
    const { samples } = await this.table.ask('detail', { row });
    const step = samples.find((sample) => sample.row === row)?.step ?? null;
    const batch = await this.table.ask('view', { query: step === null ? `row=${row}` : `step=${step}` });
    const before = step === null ? 0 : (await this.table.ask('view', { query: `step=${step} row<${row}` })).rows;
    const folder = await this.#made();
    const file = join(folder, `step-${step ?? `of-row-${row}`}-${batch.rows}.jsonl`);
    await this.table.ask('save', { view: batch.view, format: 'jsonl', file });
    return [file, before];
  }

  /** The folder, with the data set in it: it is brought once. */
  async #made(): Promise<string> {
    const folder = (this.#folder ??= temporaryFolder());
    if (this.#hasDataset) return folder;
    const { dataset } = await this.table.ask('hello', {});
    if (dataset !== null) await copyFile(dataset, join(folder, 'dataset.jsonl'));
    this.#hasDataset = true;
    return folder;
  }

  dispose(): void {
    if (this.#folder !== undefined) void rm(this.#folder, { recursive: true, force: true });
  }
}
