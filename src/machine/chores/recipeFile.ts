import { readFile } from 'node:fs/promises';
import { unread } from '../unread';

/** The recipe's text; undefined where there is no such file. */
export async function readRecipe(file: string): Promise<string | undefined> {
  return readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    return unread(error, file);
  });
}
