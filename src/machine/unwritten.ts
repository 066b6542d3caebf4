import { Problem } from '../domain/problem';

/** Says in one sentence why a file could not be written; what is no error of the file system goes on. */
export function unwritten(error: unknown, file: string): never {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'ENOSPC' || code === 'EDQUOT')
    throw new Problem({ code: 'refused', message: `The disk is full: ${file} was not written.` });
  if (code === undefined || error instanceof Problem) throw error;
  throw new Problem({ code: 'refused', message: `${file} cannot be written (${code}).` });
}
