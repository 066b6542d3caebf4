import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { unwritten } from './unwritten';

/** Writes a file, whole or not at all; its folder is made where there is none. Errors: `refused`. */
export async function writeWhole(file: string, content: Buffer | string): Promise<void> {
  const part = `${file}.${process.pid}.part`;
  try {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(part, content);
    await rename(part, file);
  } catch (error) {
    await rm(part, { force: true });
    unwritten(error, file);
  }
}
