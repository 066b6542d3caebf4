import { open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { isRow } from '../domain/frameworks/logs';

/** A file of a run's folder that tells metrics; `path` is relative to the folder. */
export interface Found {
  readonly path: string;
  readonly kind: 'output' | 'events' | 'rows' | 'history';
}

const DEPTH = 3;
const SKIPPED = /^(?:\..*|completions|images|wandb|checkpoint-\d+|global_step_\d+)$/;
const NO_METRICS = /^(?:completions|dataset|train|test|val_dataset|truth)\.jsonl$/;

/** The files of a run's folder that tell metrics, older attempts first. */
export async function findSources(folder: string): Promise<Found[]> {
  const names = await walk(folder, '', DEPTH);
  const found = await Promise.all(names.map((path) => kindOf(folder, path)));
  const history = historyIn(
    names,
    (await list(folder)).filter((entry) => entry.isDirectory()).map(({ name }) => name),
  );
  return [...found.filter((source) => source !== undefined), ...history];
}

/** Is this, by its name, what a trainer printed? */
export function isOutput(name: string): boolean {
  return /\.(?:log|out)$|^log\.txt$|^stdout|^nohup/.test(name) && name !== 'generations.log';
}

async function kindOf(folder: string, path: string): Promise<Found | undefined> {
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (name.startsWith('events.out.tfevents')) return { path, kind: 'events' };
  if (isOutput(name)) return { path, kind: 'output' };
  if (!name.endsWith('.jsonl') || NO_METRICS.test(name)) return undefined;
  return isRow(await firstLine(join(folder, path))) ? { path, kind: 'rows' } : undefined;
}

/** The history of the folder itself, else that of its newest checkpoint. */
function historyIn(files: readonly string[], folders: readonly string[]): Found[] {
  if (files.includes(HISTORY)) return [{ path: HISTORY, kind: 'history' }];
  const checkpoints = folders.filter((name) => /^checkpoint-\d+$/.test(name)).map((name) => Number(name.slice(11)));
  if (checkpoints.length === 0) return [];
  return [{ path: `checkpoint-${Math.max(...checkpoints)}/${HISTORY}`, kind: 'history' }];
}

const HISTORY = 'trainer_state.json';

async function walk(folder: string, under: string, depth: number): Promise<string[]> {
  const entries = await list(join(folder, under));
  const parts = entries.sort(byNumber).map(async (entry) => {
    const path = under === '' ? entry.name : `${under}/${entry.name}`;
    if (!entry.isDirectory()) return [path];
    return depth > 0 && !SKIPPED.test(entry.name) ? walk(folder, path, depth - 1) : [];
  });
  return (await Promise.all(parts)).flat();
}

/** `attempts/2` before `attempts/10`; event files carry their time in their name. */
function byNumber(a: { readonly name: string }, b: { readonly name: string }): number {
  return a.name.localeCompare(b.name, 'en', { numeric: true });
}

async function list(folder: string): Promise<{ readonly name: string; isDirectory(): boolean }[]> {
  return readdir(folder, { withFileTypes: true });
}

async function firstLine(path: string): Promise<string> {
  const file = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(1 << 16), 0, 1 << 16, 0);
    return buffer.toString('utf8', 0, bytesRead).split('\n', 1)[0] ?? '';
  } finally {
    await file.close();
  }
}
