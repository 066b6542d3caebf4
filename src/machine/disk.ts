import { open, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Run } from '../domain/runs/run';
import { Problem } from '../domain/problem';
import type { Host } from './hosts/host';
import type { Entry } from './hosts/hostProtocol';
import type { Runs } from './runs/runs';

/** Bytes of a file from an offset; `size` is that of the whole file, `file` names it whatever its path. */
export interface Bytes {
  readonly bytes: Uint8Array;
  readonly size: number;
  /** Another one at the same path has another name; empty if there is none. */
  readonly file: string;
}

/** The files of one machine, as far as reading a run needs them. What is not there is empty. */
export interface Disk {
  entries(folder: string): Promise<readonly Entry[]>;
  read(path: string, offset: number, limit: number): Promise<Bytes>;
}

const NOTHING: Bytes = { bytes: new Uint8Array(), size: 0, file: '' };

/** This machine's own files. */
export const thisDisk: Disk = {
  entries: (folder) =>
    unlessMissing([], async () => {
      const names = await readdir(folder);
      return (await Promise.all(names.map((name) => unlessMissing(undefined, () => entryOf(folder, name))))).filter(
        (entry) => entry !== undefined,
      );
    }),
  read: (path, offset, limit) =>
    unlessMissing(NOTHING, async () => {
      const file = await open(path, 'r');
      try {
        const { size, dev, ino } = await file.stat();
        const buffer = Buffer.allocUnsafe(Math.max(0, Math.min(limit, size - offset)));
        const { bytesRead } = await file.read(buffer, 0, buffer.length, offset);
        return { bytes: buffer.subarray(0, bytesRead), size, file: `${dev}:${ino}` };
      } finally {
        await file.close();
      }
    }),
};

/** The files of another machine. */
export function diskOn(host: Host): Disk {
  return {
    entries: (path) => host.ask('entries', { path }),
    read: async (path, offset, limit) => {
      const piece = await host.ask('read', { path, offset, limit });
      return { bytes: Buffer.from(piece.data, 'base64'), size: piece.size, file: piece.file };
    },
  };
}

/** The files of the machine that a run is on. */
export function diskOf(runs: Runs, run: Run): Disk {
  if (run.target === 'here') return thisDisk;
  return {
    entries: async (folder) => {
      try {
        return await runs.entries(run, folder);
      } catch (error) {
        if (error instanceof Problem && error.code === 'missing') return [];
        throw error;
      }
    },
    read: async (path, offset, limit) => {
      const { bytes, piece } = await runs.read(run, path, { offset, limit });
      return { bytes, size: piece.size, file: piece.file };
    },
  };
}

async function entryOf(folder: string, name: string): Promise<Entry> {
  const found = await stat(join(folder, name));
  return { name, folder: found.isDirectory(), bytes: found.size, changedAt: found.mtimeMs / 1000 };
}

const MISSING = new Set(['ENOENT', 'ENOTDIR', 'EISDIR', 'EACCES', 'EPERM', 'ELOOP']);

/** What `run` finds, or `standard` where there is nothing that we may read, or nothing any more. */
export async function unlessMissing<T>(standard: T, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (MISSING.has((error as NodeJS.ErrnoException).code ?? '')) return standard;
    throw error;
  }
}
