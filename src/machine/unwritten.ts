import { Problem } from '../domain/problem';

const WHY: Readonly<Record<string, string>> = {
  ENOENT: 'its folder is not there',
  ENOTDIR: 'its folder is not there',
  EISDIR: 'a folder has this name',
  EACCES: 'you may not write there',
  EPERM: 'you may not write there',
  EROFS: 'nobody may write there',
};

/** Says in one sentence why a file could not be written; what is no error of the file system goes on. */
export function unwritten(error: unknown, file: string): never {
  const { code } = error as NodeJS.ErrnoException;
  if (code === undefined || error instanceof Problem) throw error;
  if (code === 'ENOSPC' || code === 'EDQUOT')
    throw new Problem({ code: 'refused', message: `The disk is full: ${file} was not written.` });
  throw new Problem({ code: 'refused', message: `${file} cannot be written: ${WHY[code] ?? code}.` });
}
