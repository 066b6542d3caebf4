import { basename } from 'node:path';
import { scoreAt, type ScoreColumn } from '../domain/columns';
import type { FrameworkId } from '../domain/frameworks/framework';
import { shapeOf } from '../domain/frameworks/rollouts';
import { batchesOf, groupingByOrder, numberBlocks, type Batch } from '../domain/grouping';
import { PromptJoin } from '../domain/join';
import { Problem } from '../domain/problem';
import {
  scoreKeys,
  textOf,
  type BadRow,
  type Completion,
  type Grouping,
  type RawRecord,
  type Shape,
} from '../domain/rollout';
import { toScore } from '../domain/score';
import { Filling } from './rollouts/fill';
import { findDataset, findRollouts, generationsOf, readDataset } from './rollouts/find';
import { openLines } from './rollouts/lines';
import { badParquet, openParquet } from './rollouts/parquet';
import type { Source } from './rollouts/source';

export interface TableOptions {
  /** A JSONL data set to join by prompt; otherwise `dataset.jsonl` in or near the run's folder. */
  readonly dataset?: string;
}

/** One file of a table: its rows stand at `start` … `start + rows`. */
interface Part {
  readonly source: Source;
  readonly shape: Shape;
  readonly start: number;
}

/** Completions of one run: numbers as columns, texts on disk. Rows are counted from 0 over all files. */
export interface Table {
  readonly path: string;
  readonly rows: number;
  /** Which framework wrote it, where that can be seen. */
  readonly framework?: FrameworkId;
  /** Names of the reward columns, in the order of the record. */
  readonly rewards: readonly string[];
  /** Names of the record's further columns, none of them a score. */
  readonly textColumns: readonly string[];
  /** NaN where the record has no step. */
  readonly step: Float64Array;
  /** Counted over the run from 0; -1 where it cannot be known. */
  readonly group: Int32Array;
  readonly advantage: ScoreColumn;
  readonly scores: ReadonlyMap<string, ScoreColumn>;
  readonly grouping: Grouping;
  readonly groups: number;
  /** Rows that the trainer passed to a reward together: a step's rows. */
  readonly batches: readonly Batch[];
  readonly bad: readonly BadRow[];
  /** The data set that prompts are joined with, where there is one. */
  readonly dataset?: { readonly file: string; readonly join: PromptJoin };
  /** Rows by their numbers, whole, in the order asked. */
  completions(rows: readonly number[]): Promise<Completion[]>;
}

/**
 * Opens a run's folder, its `completions/`, or one file (parquet or JSONL). A file that cannot be read is in `bad`
 * and the rest stands; throws a `Problem` where nothing can be read at all.
 */
export async function openTable(path: string, options: TableOptions = {}): Promise<Table> {
  const { files, run } = await findRollouts(path);
  const bad: BadRow[] = [];
  const filling = new Filling();
  const parts: Part[] = [];
  for (const file of files) {
    const part = await openPart(file, filling.rows, bad);
    if (!part) continue;
    parts.push(part);
    await fill(filling, part);
    bad.push(...part.source.bad);
  }
  if (parts.length === 0)
    throw new Problem({ code: 'bad-input', message: bad[0]?.message ?? `${path} holds no rows.` });
  const dataset = await findDataset(run, options.dataset);
  return {
    path,
    rows: filling.rows,
    ...(parts[0]?.shape.framework === undefined ? {} : { framework: parts[0].shape.framework }),
    rewards: [...filling.scores.keys()],
    textColumns: textColumnsOf(parts, filling),
    step: filling.step,
    advantage: filling.advantage,
    scores: filling.scores,
    ...grouped(filling, parts, await generationsOf(run)),
    bad,
    ...(dataset === undefined ? {} : { dataset: { file: dataset, join: new PromptJoin(await readDataset(dataset)) } }),
    completions: (rows) => readRows(parts, filling, rows),
  };
}

async function openPart(file: string, start: number, bad: BadRow[]): Promise<Part | undefined> {
  const source = await openSource(file).catch((error: unknown) => void bad.push(badParquet(file, error)));
  const [sample] = source?.samples ?? [];
  if (!source || !sample) return undefined;
  const shape = shapeOf(sample, file);
  if (shape) return { source, shape, start };
  const keys = Object.keys(sample).slice(0, 8).join(', ');
  bad.push({ file, message: `${basename(file)} has no column with completions (it has ${keys}).` });
  return undefined;
}

function openSource(file: string): Promise<Source> {
  return file.endsWith('.parquet') ? openParquet(file) : openLines(file);
}

async function fill(filling: Filling, { source, shape, start }: Part): Promise<void> {
  filling.grow(start + source.rows);
  const names = scoreKeys(shape, source.samples);
  for (const name of names) filling.score(name);
  for await (const scalars of source.scalars()) filling.take(scalars, shape, names);
}

function textColumnsOf(parts: readonly Part[], { scores }: Filling): string[] {
  const keys = parts.flatMap(({ source }) => source.samples.flatMap((record) => Object.keys(record)));
  const { prompt, text, step, advantage } = parts[0]?.shape ?? {};
  const others = new Set([prompt, text, step, advantage, ...scores.keys()]);
  return [...new Set(keys)].filter((key) => !others.has(key));
}

function grouped(
  filling: Filling,
  parts: readonly Part[],
  generations: number | undefined,
): Pick<Table, 'group' | 'grouping' | 'groups' | 'batches'> {
  const { step, group, advantage } = filling;
  const batches = parts.flatMap(({ start, source }) => batchesOf(step, start, start + source.rows));
  const column = parts[0]?.shape.group;
  if (column !== undefined) {
    const groups = group.reduce((most, id) => Math.max(most, id + 1), 0);
    return { group, groups, batches, grouping: { by: 'id', column } };
  }
  const grouping = groupingByOrder({ batches, advantage, ...(generations === undefined ? {} : { generations }) });
  const groups = grouping.by === 'order' ? numberBlocks(group, batches, grouping.size) : 0;
  return { group, groups, batches, grouping };
}

async function readRows(parts: readonly Part[], filling: Filling, rows: readonly number[]): Promise<Completion[]> {
  const records = await rawRows(parts, rows);
  return records.map(({ part, record }, at) => completionOf({ part, record, filling, row: rows[at] ?? 0 }));
}

interface Raw {
  readonly part: Part;
  readonly record: RawRecord;
}

/** Reads each stretch of neighbouring rows at once. */
async function rawRows(parts: readonly Part[], rows: readonly number[]): Promise<Raw[]> {
  const raws: Raw[] = [];
  for (let at = 0; at < rows.length;) {
    const first = rows[at] ?? 0;
    const part = parts.findLast(({ start }) => start <= first);
    if (!part) break;
    const end = part.start + part.source.rows;
    let length = 1;
    while (rows[at + length] === first + length && first + length < end) length++;
    const records = await part.source.read(first - part.start, first - part.start + length);
    raws.push(...records.map((record) => ({ part, record })));
    at += length;
  }
  return raws;
}

function completionOf(at: Raw & { filling: Filling; row: number }): Completion {
  const { record, filling, row } = at;
  const { shape } = at.part;
  const [step, group] = [filling.step[row], filling.group[row]];
  const names = [...filling.scores.keys()];
  const known = new Set([shape.prompt, shape.text, shape.step, shape.advantage, ...names]);
  return {
    row,
    ...(step === undefined || Number.isNaN(step) ? {} : { step }),
    ...(group === undefined || group < 0 ? {} : { group }),
    prompt: textOf(record[shape.prompt]),
    text: textOf(record[shape.text]),
    scores: Object.fromEntries(names.map((name) => [name, name in record ? toScore(record[name]) : 'unknown'])),
    advantage: shape.advantage === undefined ? 'unknown' : scoreAt(filling.advantage, row),
    columns: Object.fromEntries(Object.entries(record).filter(([key]) => !known.has(key))),
  };
}
