import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { PromptJoin } from '../../domain/rollouts/join';
import { Problem } from '../../domain/problem';
import type { RawRecord } from '../../domain/rollouts/rollout';
import { parsed } from '../../base/json';
import { unread } from '../unread';

/** What stands on disk for one table. */
export interface Found {
  /** Files of records, in the order of their steps. */
  readonly files: readonly string[];
  /** The run's own folder, where its arguments and its data set are looked for. */
  readonly run: string;
}

const RECORDS = /(\.(parquet|(jsonl|ndjson)(\.(gz|zst))?)|^generations\.log)$/i;
/** Files of a run that are no rollouts. */
const OTHERS =
  /^(dataset|val_dataset|train|test|logging|experiment_log|truth|labels|metrics)\.(jsonl|ndjson|parquet)$/i;

/** Is a file with this name one of records, as far as a name can tell? */
export function isRollouts(name: string): boolean {
  return RECORDS.test(name) && !OTHERS.test(name);
}

/** Files of records under `path`: the file itself, a folder of them, or a run's folder with `completions/` inside. */
export async function findRollouts(path: string): Promise<Found> {
  const info = await stat(path).catch(() => {
    throw new Problem({ code: 'missing', message: `There is no file or folder ${path}.` });
  });
  if (!info.isDirectory()) return { files: [path], run: runOf(dirname(path)) };
  const folder = await innerOf(path);
  const records = (await readdir(folder)).filter(isRollouts).sort(byNumber);
  const named = records.filter((name) => NAMED.test(name));
  const files = named.length > 0 ? named : records;
  if (files.length === 0) {
    const message = `${path} holds no completions: neither completions/*.parquet nor a JSONL file of them.`;
    throw new Problem({ code: 'missing', message });
  }
  return { files: files.map((name) => join(folder, name)), run: runOf(folder) };
}

/** Folders in which runs keep their rollouts. */
export const INNER = ['record', 'grpo-record', 'completions', 'rollouts', 'rollout_data'];
/** Names that say what is inside; other records beside them are something else. */
const NAMED = /^(completions.*|generations\.log|traces\.jsonl|grpo-record.*)$/;

async function innerOf(path: string): Promise<string> {
  for (const name of INNER) if (await isFolder(join(path, name))) return join(path, name);
  return path;
}

function runOf(folder: string): string {
  return INNER.includes(basename(folder)) ? dirname(folder) : folder;
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (info) => info.isDirectory(),
    () => false,
  );
}

/** `2.jsonl` comes before `10.jsonl`. */
export function byNumber(a: string, b: string): number {
  return a.localeCompare(b, 'en', { numeric: true });
}

/** `num_generations` as the run's own arguments give it; undefined without a readable `args.json`. */
export async function generationsOf(run: string): Promise<number | undefined> {
  const args = await readFile(join(run, 'args.json'), 'utf8').then(parsed, () => undefined);
  const value = (args as RawRecord | undefined)?.num_generations;
  return typeof value === 'number' && Number.isInteger(value) && value > 1 ? value : undefined;
}

/** The data set that is given or found near the run, ready to be joined by prompt. */
export async function openDataset(
  run: string,
  given?: string,
): Promise<{ file: string; join: PromptJoin } | undefined> {
  const file = await findDataset(run, given);
  return file === undefined ? undefined : { file, join: new PromptJoin(await readDataset(file)) };
}

/** The data set given, else `dataset.jsonl` in the run's folder, in its parent, or one further up. */
async function findDataset(run: string, given?: string): Promise<string | undefined> {
  if (given !== undefined) return given;
  const candidates = [run, dirname(run), dirname(dirname(run))].map((folder) => join(folder, 'dataset.jsonl'));
  for (const file of candidates) if (await isFile(file)) return file;
  return undefined;
}

async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (info) => info.isFile(),
    () => false,
  );
}

/** Records of a JSONL data set; lines that are no JSON object are left out. Throws where the file cannot be read. */
async function readDataset(file: string): Promise<RawRecord[]> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => unread(error, file));
  return text.split('\n').flatMap((line) => {
    const record = parsed(line);
    return typeof record === 'object' && record !== null ? [record as RawRecord] : [];
  });
}
