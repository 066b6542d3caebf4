import { mkdir, open, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { dirname, join, posix } from 'node:path';
import { createHash } from 'node:crypto';
import { Problem } from '../../domain/problem';
import { diskOn, type Disk } from '../disk';
import type { Entry } from '../hosts/hostProtocol';
import { lensHome } from '../hosts/target';
import type { Target } from '../hosts/targets';
import { interpreterOf, type RunsProgram } from '../config/installed';

/** Where the media of a set lie: below a folder, of this machine or another. */
export interface MediaPlace {
  readonly mediaFolder?: string;
  /** The machine that they are on, where that is not this one. */
  readonly disk?: Disk;
}

/** A data set of another host with its copy here; its media stay there. */
export interface Brought extends Required<MediaPlace> {
  readonly target: string;
  /** The copy. */
  readonly file: string;
  /** Runs our programs there. */
  readonly runs: RunsProgram;
}

/** A path there: paths that are not whole begin at the folder, which may itself begin at the home (`~`). */
export function pathThere(folder: string, path: string): string {
  return posix.isAbsolute(path) ? path : posix.join(folder, path);
}

const PIECE = 1 << 20;
const TOGETHER = 8;
const MOST = 4 * 2 ** 30;
const KEPT_MS = 30 * 24 * 3600 * 1000;

interface Pace {
  readonly signal?: AbortSignal;
  /** Told in megabytes. */
  readonly progress?: (done: number, all: number) => void;
}

/**
 * Copies the file of a data set here, where it is not here yet as it is there now; its name appears once it is whole.
 * Errors: `missing`, `unsupported` (too big), `cancelled`, those of the connection.
 */
export async function bringDataset(target: Target, path: string, pace: Pace = {}): Promise<Brought> {
  const { name, host } = target;
  const disk = diskOn(host);
  const entry = await entryOf(disk, path, name);
  const digest = createHash('sha256').update(path).digest('hex').slice(0, 12);
  const file = join(lensHome(), 'brought', name.replace(/[^\w.-]/g, '_'), digest, posix.basename(path));
  const mark = JSON.stringify([path, entry.bytes, entry.changedAt]);
  if (!(await isAsMarked(file, mark))) await copy({ disk, path, size: entry.bytes, file, mark }, pace);
  await utimes(`${file}.mark`, new Date(), new Date());
  await forgetOld(join(lensHome(), 'brought'));
  return { target: name, file, mediaFolder: posix.dirname(path), disk, runs: interpreterOf(target) };
}

/** Removes copies that nobody has asked for in a month. */
async function forgetOld(root: string): Promise<void> {
  const names = (await readdir(root, { recursive: true })).filter((name) => name.endsWith('.mark'));
  for (const name of names) {
    const mark = join(root, name);
    const used = await stat(mark).catch(absent);
    if (used && Date.now() - used.mtimeMs > KEPT_MS) await rm(dirname(mark), { recursive: true, force: true });
  }
}

async function entryOf(disk: Disk, path: string, host: string): Promise<Entry> {
  const found = (await disk.entries(posix.dirname(path))).find(({ name }) => name === posix.basename(path));
  if (!found || found.folder) throw new Problem({ code: 'missing', message: `There is no file ${path} on ${host}.` });
  if (found.bytes <= MOST) return found;
  const message = `${path} holds ${(found.bytes / 1e9).toFixed(1)} GB, too much to be brought here: open a window on ${host} (Remote-SSH), or run grpo there.`;
  throw new Problem({ code: 'unsupported', message });
}

async function isAsMarked(file: string, mark: string): Promise<boolean> {
  try {
    await stat(file);
    return (await readFile(`${file}.mark`, 'utf8')) === mark;
  } catch (error) {
    return absent(error as NodeJS.ErrnoException) ?? false;
  }
}

/** Nothing for what is not there; another error goes on. */
function absent(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}

interface Copying {
  readonly disk: Disk;
  readonly path: string;
  readonly size: number;
  readonly file: string;
  readonly mark: string;
}

async function copy({ disk, path, size, file, mark }: Copying, { signal, progress }: Pace): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const aside = `${file}.${process.pid}.part`;
  const out = await open(aside, 'w', 0o600);
  try {
    for (let from = 0; from < size; from += PIECE * TOGETHER) {
      if (signal?.aborted) throw new Problem({ code: 'cancelled', message: 'Cancelled.' });
      const starts = Array.from({ length: TOGETHER }, (_, at) => from + at * PIECE).filter((start) => start < size);
      await Promise.all(
        starts.map(async (start) => {
          const wanted = Math.min(PIECE, size - start);
          const { bytes } = await disk.read(path, start, wanted);
          if (bytes.length < wanted) throw changed(path);
          await out.write(bytes, 0, wanted, start);
        }),
      );
      progress?.(Math.min(size, from + PIECE * TOGETHER) / 1e6, size / 1e6);
    }
    await out.close();
    await rename(aside, file);
    await writeFile(`${file}.mark`, mark, { mode: 0o600 });
  } catch (error) {
    await out.close();
    await rm(aside, { force: true });
    throw (error as NodeJS.ErrnoException).code === 'ENOSPC' ? full(file) : error;
  }
}

function changed(path: string): Problem {
  return new Problem({ code: 'refused', message: `${path} became shorter while it was brought here: try again.` });
}

function full(file: string): Problem {
  return new Problem({ code: 'refused', message: `The disk is full at ${file}; free some space and try again.` });
}
