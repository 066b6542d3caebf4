import { appendFile, readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Completion } from '../domain/rollout';
import { INNER } from './rollouts/find';
import { parseLine } from './rollouts/json';

export type Label = 'good' | 'bad' | 'none';

/** What people said of samples: kept as JSON lines beside the run, the newest for a row counts. */
export class Labels {
  readonly #byRow = new Map<number, Label>();
  readonly file: string;
  #read: Promise<void> | undefined;

  /** `folder`: the run's own. */
  constructor(folder: string) {
    this.file = join(folder, 'labels.jsonl');
  }

  async of(row: number): Promise<Label> {
    await (this.#read ??= this.#load());
    return this.#byRow.get(row) ?? 'none';
  }

  /** Appends the label with the sample itself, so that it can be used as an expectation without the run. */
  async set(completion: Completion, label: Label): Promise<void> {
    await (this.#read ??= this.#load());
    const { row, step, prompt, text, columns } = completion;
    const record = { row, ...(step === undefined ? {} : { step }), label, prompt, completion: text, ...columns };
    await appendFile(this.file, `${JSON.stringify(record)}\n`);
    this.#byRow.set(row, label);
  }

  async #load(): Promise<void> {
    const text = await readFile(this.file, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return '';
      throw error;
    });
    for (const line of text.split('\n')) {
      const { row, label } = parseLine(line) ?? {};
      if (typeof row === 'number' && isLabel(label)) this.#byRow.set(row, label);
    }
  }
}

function isLabel(value: unknown): value is Label {
  return value === 'good' || value === 'bad' || value === 'none';
}

/** The run's folder for a table's path: a file's folder, `completions/`'s parent. */
export function labelFolder(path: string): string {
  if (/\.[a-z]+$/i.test(path)) return labelFolder(dirname(path));
  return INNER.includes(basename(path)) ? dirname(path) : path;
}
