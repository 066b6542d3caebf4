import { appendFile, readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { Problem } from '../../domain/problem';
import type { Completion, RawRecord } from '../../domain/rollouts/rollout';
import { INNER } from '../rollouts/find';
import { parseLine } from '../rollouts/json';

export type Label = 'good' | 'bad' | 'none';

/** Where labels are kept, on whichever machine. */
export interface LabelFile {
  /** Its whole text; empty where there is none yet. */
  read(): Promise<string>;
  append(record: RawRecord): Promise<void>;
}

export const LABELS = 'labels.jsonl';

/** The file beside a table of this machine. */
export function labelsBeside(path: string): LabelFile {
  const file = join(labelFolder(path), LABELS);
  return {
    append: (record) =>
      appendFile(file, `${JSON.stringify(record)}\n`).catch((error: NodeJS.ErrnoException) => {
        throw unkept(error);
      }),
    read: () =>
      readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return '';
        throw unkept(error);
      }),
  };
}

function unkept({ message }: Error): Problem {
  return new Problem({ code: 'refused', message: `Labels cannot be kept beside these completions: ${message}.` });
}

/** What people said of samples: kept as JSON lines beside the run, the newest for a row counts. */
export class Labels {
  readonly #byRow = new Map<number, Label>();
  #read: Promise<void> | undefined;

  constructor(private readonly file: LabelFile) {}

  async of(row: number): Promise<Label> {
    await this.#known();
    return this.#byRow.get(row) ?? 'none';
  }

  /** Appends the label with the sample itself, so that it can be used as an expectation without the run. */
  async set(completion: Completion, label: Label): Promise<void> {
    await this.#known();
    const { row, step, prompt, text, columns } = completion;
    const record = { row, ...(step === undefined ? {} : { step }), label, prompt, completion: text, ...columns };
    await this.file.append(record);
    this.#byRow.set(row, label);
  }

  /** What could not be read, as over a lost connection, is read when it is asked for again. */
  #known(): Promise<void> {
    this.#read ??= this.#load().catch((error: unknown) => {
      this.#read = undefined;
      throw error;
    });
    return this.#read;
  }

  async #load(): Promise<void> {
    const text = await this.file.read();
    for (const line of text.split('\n')) {
      const { row, label } = parseLine(line) ?? {};
      if (typeof row === 'number' && isLabel(label)) this.#byRow.set(row, label);
    }
  }
}

function isLabel(value: unknown): value is Label {
  return value === 'good' || value === 'bad' || value === 'none';
}

const FILE = /\.(?:parquet|jsonl|ndjson|json|gz|zst|log|txt|csv)$/i;

/** The run's folder for a table's path: a file's folder, `completions/`'s parent. A folder's name may have a dot in it, too. */
export function labelFolder(path: string): string {
  if (FILE.test(path)) return labelFolder(dirname(path));
  return INNER.includes(basename(path)) ? dirname(path) : path;
}
