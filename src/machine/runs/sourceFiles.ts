import { isRow } from '../../domain/frameworks/logs';
import type { Disk } from '../disk';
import type { Entry } from '../hosts/hostProtocol';

/** A file of a run's folder that tells metrics. */
export interface Found {
  readonly path: string;
  readonly kind: 'output' | 'events' | 'rows' | 'history' | 'gpu';
  /** Milliseconds since 1970. */
  readonly changedAt: number;
}

const DEPTH = 3;
const SKIPPED = /^(?:\..*|completions|images|wandb|checkpoint-\d+|global_step_\d+)$/;
const NO_METRICS = /^(?:completions|dataset|train|test|val_dataset|truth)\.jsonl$/;

/** The files of a run's folder that tell metrics, older attempts first. */
export async function findSources(disk: Disk, folder: string): Promise<Found[]> {
  const names = await walk(disk, folder, DEPTH);
  const found = await Promise.all(names.map((file) => sourceOf(disk, file)));
  const history = await historyIn(disk, folder);
  return [...found.filter((source) => source !== undefined), ...(history ? [history] : [])];
}

/** Is this, by its name, what a trainer printed? */
export function isOutput(name: string): boolean {
  return /\.(?:log|out)$|^log\.txt$|^stdout|^nohup/.test(name) && name !== 'generations.log';
}

interface File extends Entry {
  readonly path: string;
}

async function sourceOf(disk: Disk, { path, name, changedAt }: File): Promise<Found | undefined> {
  const kind = await kindOf(disk, path, name);
  return kind && { path, kind, changedAt: changedAt * 1000 };
}

async function kindOf(disk: Disk, path: string, name: string): Promise<Found['kind'] | undefined> {
  if (name.startsWith('events.out.tfevents')) return 'events';
  if (name === 'gpu.csv') return 'gpu';
  if (isOutput(name)) return 'output';
  if (!name.endsWith('.jsonl') || NO_METRICS.test(name)) return undefined;
  const { bytes } = await disk.read(path, 0, 1 << 16);
  return isRow(new TextDecoder().decode(bytes).split('\n', 1)[0] ?? '') ? 'rows' : undefined;
}

const HISTORY = 'trainer_state.json';

/** The history of the folder itself, else that of its newest checkpoint. */
async function historyIn(disk: Disk, folder: string): Promise<Found | undefined> {
  const entries = await disk.entries(folder);
  const numbers = entries.flatMap(({ name }) => /^checkpoint-(\d+)$/.exec(name)?.[1] ?? []).map(Number);
  const own = entries.find(({ name }) => name === HISTORY);
  if (own) return { path: `${folder}/${HISTORY}`, kind: 'history', changedAt: own.changedAt * 1000 };
  if (numbers.length === 0) return undefined;
  const newest = `${folder}/checkpoint-${Math.max(...numbers)}`;
  const there = (await disk.entries(newest)).find(({ name }) => name === HISTORY);
  return there && { path: `${newest}/${HISTORY}`, kind: 'history', changedAt: there.changedAt * 1000 };
}

async function walk(disk: Disk, folder: string, depth: number): Promise<File[]> {
  const entries = [...(await disk.entries(folder))].sort(byNumber);
  const parts = entries.map(async (entry) => {
    const path = `${folder}/${entry.name}`;
    if (!entry.folder) return [{ ...entry, path }];
    return depth > 0 && !SKIPPED.test(entry.name) ? walk(disk, path, depth - 1) : [];
  });
  return (await Promise.all(parts)).flat();
}

/** `attempts/2` before `attempts/10`; event files carry their time in their name. */
function byNumber(a: Entry, b: Entry): number {
  return a.name.localeCompare(b.name, 'en', { numeric: true });
}
