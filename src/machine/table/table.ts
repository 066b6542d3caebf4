import { basename } from 'node:path';
import { Emitter } from '../../base/event';
import type { Disposable } from '../../base/disposable';
import type { ScoreColumn } from '../../domain/rollouts/columns';
import type { FrameworkId } from '../../domain/frameworks/framework';
import { batchesOf, groupingByOrder, numberBlocks, type Batch } from '../../domain/rollouts/grouping';
import type { PromptJoin } from '../../domain/rollouts/join';
import { Problem } from '../../domain/problem';
import {
  scoreKeys,
  type BadRow,
  type Completion,
  type Grouping,
  type Mappings,
  type RawRecord,
} from '../../domain/rollouts/rollout';
import type { FarRollouts } from '../rollouts/far';
import { Filling } from '../rollouts/fill';
import { findRollouts, generationsOf, openDataset, type Found } from '../rollouts/find';
import { openSource, type Opening } from '../rollouts/open';
import { badFile } from '../rollouts/parquet';
import { readRows, type Part } from '../rollouts/parts';

export interface TableOptions {
  /** A JSONL data set to join by prompt; otherwise `dataset.jsonl` in or near the run's folder. */
  readonly dataset?: string;
  /** Half a last line waits for its end, since someone may still be writing it. */
  readonly growing?: boolean;
  /** What people said of columns that nobody knows. */
  readonly mappings?: Mappings;
  /** Where the path is a copy of what is on a host. */
  readonly far?: FarRollouts | undefined;
}

/** The data set that prompts are joined with. */
export interface Dataset {
  readonly file: string;
  readonly join: PromptJoin;
}

/** Milliseconds of work between two looks at what else was asked. */
const SLICE = 12;
const READING: Grouping = { by: 'unknown', why: 'The numbers are still being read.' };

/** Completions of one run: numbers as columns, texts on disk. Rows are counted from 0 over all files. */
export class Table implements Disposable {
  readonly #parts: Part[] = [];
  readonly #opened = new Set<string>();
  readonly #bad: BadRow[] = [];
  readonly #filling = new Filling();
  readonly #grown = new Emitter<void>();
  #generations: number | undefined;
  #grouping: Grouping = READING;
  #groups = 0;
  #batches: readonly Batch[] = [];
  #dataset: Dataset | undefined;
  #unknown: { readonly file: string; readonly record: RawRecord } | undefined;

  constructor(
    readonly path: string,
    private readonly options: TableOptions,
  ) {}

  /** Fires when rows were found, columns filled or groups numbered. */
  readonly onGrown = this.#grown.event;

  get rows(): number {
    return this.#parts.reduce((sum, { source }) => sum + source.rows, 0);
  }

  /** Rows whose numbers stand in the columns; those behind are unknown so far. */
  get filled(): number {
    return this.#parts.reduce((sum, { source }) => sum + source.filled, 0);
  }

  /** Which framework wrote it, where that can be seen. */
  get framework(): FrameworkId | undefined {
    return this.#parts[0]?.shape.framework;
  }

  /** Names of the reward columns, in the order of the record. */
  get rewards(): readonly string[] {
    return this.#filling.rewards;
  }

  /** Names of the record's further columns, none of them a score. */
  get textColumns(): readonly string[] {
    const keys = this.#parts
      .slice(0, 1)
      .flatMap(({ source }) => source.samples.flatMap((record) => Object.keys(record)));
    const { prompt, text, step, advantage, scoresIn } = this.#parts[0]?.shape ?? {};
    const others = new Set([prompt, text, step, advantage, scoresIn, ...this.rewards]);
    return [...new Set(keys)].filter((key) => !others.has(key));
  }

  /** NaN where the record has no step. */
  get step(): Float64Array {
    return this.#filling.step(this.rows);
  }

  /** Counted over the run from 0; -1 where it cannot be known. */
  get group(): Int32Array {
    return this.#filling.group(this.rows);
  }

  get groups(): number {
    return this.#groups;
  }

  get grouping(): Grouping {
    return this.#grouping;
  }

  get advantage(): ScoreColumn {
    return this.#filling.advantage(this.rows);
  }

  get scores(): ReadonlyMap<string, ScoreColumn> {
    return this.#filling.scores(this.rows);
  }

  /** Rows that the trainer passed to a reward together: a step's rows. */
  get batches(): readonly Batch[] {
    return this.#batches;
  }

  get bad(): readonly BadRow[] {
    return [...this.#bad, ...this.#parts.flatMap(({ source }) => source.bad)];
  }

  get dataset(): Dataset | undefined {
    return this.#dataset;
  }

  /** The first file whose columns nobody knows, while there is no other. */
  get unknown(): { readonly file: string; readonly record: RawRecord } | undefined {
    return this.#parts.length === 0 ? this.#unknown : undefined;
  }

  /** The files, for those who search their bytes. */
  get parts(): readonly Part[] {
    return this.#parts;
  }

  /** Rows by their numbers, whole, in the order asked. */
  completions(rows: readonly number[]): Promise<Completion[]> {
    return readRows(this.#parts, this, rows);
  }

  get #opening(): Opening {
    const { growing = false, mappings = {}, far } = this.options;
    return { growing, mappings, far };
  }

  /** Finds the files and the first rows; throws a `Problem` where nothing can be read at all. */
  async begin(): Promise<void> {
    const found = await findRollouts(this.path);
    this.#generations = await generationsOf(found.run);
    this.#dataset = await openDataset(found.run, this.options.dataset);
    await this.#open(found, SLICE);
    const [first] = this.#bad;
    if (this.#parts.length === 0 && !this.options.growing) {
      throw new Problem({ code: 'bad-input', message: first?.message ?? `${this.path} holds no rows.` });
    }
  }

  /** Reads on until all that is there now is known; true where that was more than before. */
  async load(): Promise<boolean> {
    const before = [this.rows, this.filled, this.#bad.length].join();
    const found = await findRollouts(this.path);
    await this.#open(found, Infinity);
    // Only the last file can grow without moving the rows behind it.
    while (this.#parts.at(-1)?.source.find(SLICE)) await this.#breathe();
    this.#filling.reserve(this.rows);
    for (const { source, start } of this.#parts) {
      while (await source.fill({ filling: this.#filling, start }, SLICE)) await this.#breathe();
    }
    if ([this.rows, this.filled, this.#bad.length].join() === before) return false;
    this.#number();
    this.#grown.fire();
    return true;
  }

  /** A file was cut, replaced or removed, or one that is not the last has grown: this table has to be opened anew. */
  get changed(): boolean {
    return this.#parts.some(({ source }) => source.changed());
  }

  /** Opens files that are not open yet, as long as there is time: a file's rows begin where those before it end. */
  async #open({ files }: Found, milliseconds: number): Promise<void> {
    const until = performance.now() + milliseconds;
    for (const file of files) {
      if (this.#opened.has(file)) continue;
      this.#parts.at(-1)?.source.end();
      while (this.#parts.at(-1)?.source.find(SLICE)) {
        if (performance.now() > until) return;
        await this.#breathe();
      }
      await this.#openPart(file, file === files.at(-1));
      if (performance.now() > until) return;
    }
  }

  async #openPart(file: string, last: boolean): Promise<void> {
    this.#opened.add(file);
    try {
      const source = await openSource(file, this.#opening);
      if (!last) source.end();
      const shape = source.shape();
      if (!shape) {
        const [sample] = source.samples;
        source.close();
        // A file in which nothing stands yet is looked at again.
        if (last && source.rows === 0 && this.options.growing) this.#opened.delete(file);
        else this.#refuse(file, sample);
        return;
      }
      this.#parts.push({ source, shape, start: this.rows });
      for (const name of scoreKeys(shape, source.samples)) this.#filling.column(name);
    } catch (error) {
      this.#bad.push(badFile(file, error));
    }
  }

  #refuse(file: string, sample: RawRecord | undefined): void {
    const keys = sample && Object.keys(sample).slice(0, 8).join(', ');
    const why = keys === undefined ? 'holds no records' : `has no column with completions (it has ${keys})`;
    this.#bad.push({ file, message: `${basename(file)} ${why}.` });
    if (sample) this.#unknown ??= { file, record: sample };
  }

  #number(): void {
    const { step, advantage } = this;
    this.#batches = this.#parts.flatMap(({ start, source }) => batchesOf(step, start, start + source.rows));
    const column = this.#parts[0]?.shape.group;
    if (column !== undefined && this.#filling.ids > 0) {
      [this.#grouping, this.#groups] = [{ by: 'id', column }, this.#filling.ids];
      return;
    }
    const given = this.#generations === undefined ? {} : { generations: this.#generations };
    this.#grouping = groupingByOrder({ batches: this.#batches, advantage, ...given });
    this.#groups = this.#grouping.by === 'order' ? numberBlocks(this.group, this.#batches, this.#grouping.size) : 0;
  }

  async #breathe(): Promise<void> {
    this.#grown.fire();
    await new Promise((resolve) => setImmediate(resolve));
  }

  dispose(): void {
    this.#grown.dispose();
    for (const { source } of this.#parts) source.close();
  }
}

/**
 * Opens a run's folder, its `completions/`, or one file (parquet or JSONL), and reads all of it. A file that cannot be
 * read is in `bad` and the rest stands; throws a `Problem` where nothing can be read at all.
 */
export async function openTable(path: string, options: TableOptions = {}): Promise<Table> {
  const table = new Table(path, options);
  await table.begin();
  await table.load();
  return table;
}
