import { readFile, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { answersOf, type Answers } from '../../domain/rollouts/answers';
import { gpuSeries } from '../../domain/runs/gpu';
import { Problem } from '../../domain/problem';
import { RunMetrics } from './metrics';
import { findOutputs } from './outputs';
import { findRollouts } from '../rollouts/find';
import { openTable, type Table } from '../table/table';

/** What a finished run tells about the settings that it was started with. */
export interface RunAnswers {
  readonly folder: string;
  readonly answers: Answers;
  /** Length of each completion in tokens, as the log's means give characters a token; empty where no log tells. */
  readonly tokens: Float64Array;
  /** Characters a token, mean over the run. */
  readonly ratio: number | undefined;
  /** The most that one GPU held, in bytes, where it was sampled. */
  readonly peak: number | undefined;
}

/** Rows that are read at most: what a setting asks is answered by a part of a huge run. */
const MOST_ROWS = 400_000;

/** Folders in which the run of a configuration may have written, the one that it names first. */
export async function runFoldersOf(document: string, named: readonly string[]): Promise<string[]> {
  const places =
    named.length > 0 ? named.map((path) => resolve(dirname(document), path)) : [join(dirname(document), 'output')];
  const found = await Promise.all(places.map((place) => findOutputs(place)));
  const own = await Promise.all(places.map(hasRollouts));
  return [...new Set([...places.filter((_, at) => own[at]), ...found.flat().reverse()])];
}

const hasRollouts = (folder: string): Promise<boolean> =>
  findRollouts(folder).then(
    () => true,
    () => false,
  );

/** When a run's completions last changed, for knowing whether to read them again. */
export async function stampOf(folder: string): Promise<string> {
  const { files } = await findRollouts(folder);
  const last = files.at(-1);
  const info = last === undefined ? undefined : await stat(last);
  return `${folder} ${files.length} ${info?.mtimeMs ?? 0}`;
}

/** Reads the completions of a run; undefined where its groups are not known or it holds none. */
export async function answersIn(folder: string): Promise<RunAnswers | undefined> {
  const table = await opened(folder);
  if (!table) return undefined;
  try {
    const characters = await charactersOf(table);
    const answers = answered(table, characters, await weightsIn(folder));
    const metrics = new RunMetrics([folder]);
    await metrics.refresh();
    const { tokens, ratio } = tokensOf(table, characters, metrics);
    return answers && { folder, answers, tokens, ratio, peak: peakOf(metrics) };
  } finally {
    table.dispose();
  }
}

async function opened(folder: string): Promise<Table | undefined> {
  try {
    return await openTable(folder);
  } catch (error) {
    if (error instanceof Problem) return undefined;
    throw error;
  }
}

async function charactersOf(table: Table): Promise<Float64Array> {
  const lengths = new Float64Array(table.rows).fill(NaN);
  for (const { source, shape, start } of table.parts) {
    if (source.lengths) await source.lengths(shape.text, (row, length) => (lengths[start + row] = length));
    else await readLengths(table, lengths, [start, Math.min(start + source.rows, MOST_ROWS)]);
  }
  return lengths;
}

async function readLengths(table: Table, lengths: Float64Array, [from, to]: readonly [number, number]): Promise<void> {
  for (let at = from; at < to; at += 2000) {
    const rows = Array.from({ length: Math.min(2000, to - at) }, (_, index) => at + index);
    for (const { row, text } of await table.completions(rows)) lengths[row] = text.length;
  }
}

function answered(table: Table, characters: Float64Array, weights: readonly number[]): Answers | undefined {
  const names = [...table.scores.keys()];
  if (table.groups === 0 || names.length === 0) return undefined;
  const columns = [...table.scores.values()];
  const groups: number[][][] = [];
  const lengths: number[][] = [];
  for (let row = 0; row < Math.min(table.rows, MOST_ROWS); row++) {
    const group = table.group[row] ?? -1;
    if (group < 0) continue;
    (groups[group] ??= []).push(columns.map(({ values }) => values[row] ?? NaN));
    (lengths[group] ??= []).push(characters[row] ?? NaN);
  }
  const whole = weights.length === names.length ? weights : names.map(() => 1);
  return answersOf({ groups: groups.filter(Boolean), weights: whole }, names, lengths.filter(Boolean));
}

/** `reward_weights` as the run's own arguments give them. */
async function weightsIn(folder: string): Promise<readonly number[]> {
  const text = await readFile(join(folder, 'args.json'), 'utf8').catch(() => '{}');
  try {
    const { reward_weights: weights } = JSON.parse(text) as { reward_weights?: unknown };
    return Array.isArray(weights) && weights.every((one) => typeof one === 'number') ? weights : [];
  } catch (error) {
    if (error instanceof SyntaxError) return [];
    throw error;
  }
}

const MEAN_LENGTH = 'completions/mean_length';

/** Characters become tokens by what the log says of each step's mean length. */
function tokensOf(
  { step, rows }: Table,
  characters: Float64Array,
  { curves }: RunMetrics,
): Pick<RunAnswers, 'tokens' | 'ratio'> {
  const curve = curves.get(MEAN_LENGTH) ?? curves.get('completion_length') ?? curves.get('response_length/mean');
  if (!curve) return { tokens: new Float64Array(0), ratio: undefined };
  const logged = new Map(curve.steps.map((at, index) => [at, curve.values[index] ?? NaN]));
  const sums = new Map<number, { all: number; of: number }>();
  for (let row = 0; row < rows; row++) {
    const one = sums.get(step[row] ?? NaN) ?? { all: 0, of: 0 };
    one.all += characters[row] ?? 0;
    one.of++;
    sums.set(step[row] ?? NaN, one);
  }
  const ratios = new Map([...sums].map(([at, { all, of }]) => [at, all / of / (logged.get(at) ?? NaN)]));
  const known = [...ratios.values()].filter((one) => Number.isFinite(one) && one > 0);
  if (known.length === 0) return { tokens: new Float64Array(0), ratio: undefined };
  const ratio = known.reduce((all, one) => all + one, 0) / known.length;
  const tokens = characters.map((length, row) => {
    const own = ratios.get(step[row] ?? NaN);
    return length / (own !== undefined && Number.isFinite(own) && own > 0 ? own : ratio);
  });
  return { tokens, ratio };
}

/** `memory.used` is in MiB. */
function peakOf({ gpuSamples }: RunMetrics): number | undefined {
  const used = gpuSeries(gpuSamples).filter(({ name }) => name.endsWith('memory.used'));
  const most = used.reduce((all, { values }) => values.reduce((one, value) => Math.max(one, value), all), -1);
  return most < 0 ? undefined : most * 1024 * 1024;
}
