import { createReadStream, createWriteStream } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { decompressZstd } from 'hyparquet-compressors';
import { temporaryFolder } from '../temporary';

/** A packed file as plain bytes: a copy in a folder of our own, which goes with `remove`. */
export interface Unpacked {
  readonly file: string;
  remove(): Promise<void>;
}

/** Unpacks `.gz` and `.zst`; undefined for every other name. Rejects where the packing is broken. */
export async function unpacked(file: string): Promise<Unpacked | undefined> {
  const kind = /\.(gz|zst)$/i.exec(file)?.[1]?.toLowerCase();
  if (kind === undefined) return undefined;
  const folder = temporaryFolder();
  const plain = join(folder, basename(file).replace(/\.(gz|zst)$/i, ''));
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true });
  try {
    if (kind === 'gz')
      await pipeline(createReadStream(file), createGunzip(), createWriteStream(plain, { mode: 0o600 }));
    else await writeFile(plain, decompressZstd(await readFile(file)), { mode: 0o600 });
  } catch (error) {
    await remove();
    throw error;
  }
  return { file: plain, remove };
}
