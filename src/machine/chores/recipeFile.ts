import { readFile } from 'node:fs/promises';
import { Problem } from '../../domain/problem';

/** The recipe's text; undefined where there is no such file. */
export async function readRecipe(file: string): Promise<string | undefined> {
  return readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw new Problem({ code: 'missing', message: `${file} cannot be read: ${error.message}.` });
  });
}
