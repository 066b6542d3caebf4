import { readdir } from 'node:fs/promises';
import { dirname } from 'node:path';

/** How many folders above a file may still belong to its project. */
export const LEVELS = 3;
const ENDS = ['.git', 'pyproject.toml', 'setup.py'];

/** A folder and those above it that belong to the same project, nearest first. */
export async function projectFolders(folder: string): Promise<string[]> {
  const folders = [folder];
  for (let here = folder; folders.length <= LEVELS;) {
    const entries = await readdir(here).catch((): string[] => []);
    const above = dirname(here);
    if (above === dirname(above) || ENDS.some((end) => entries.includes(end))) break;
    folders.push((here = above));
  }
  return folders;
}
