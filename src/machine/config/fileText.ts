import { readFileSync } from 'node:fs';

/** A file's text; undefined for whatever cannot be read: what a setting names may be no file at all. */
export function fileText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    return undefined;
  }
}
