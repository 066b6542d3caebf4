import { Problem } from '../domain/problem';

const WHY: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'there is no such file',
  EISDIR: 'it is a folder',
  EACCES: 'you may not read it',
  EPERM: 'you may not read it',
};

/** Says in one sentence why a file could not be read; what is no error of the file system goes on. */
export function unread(error: unknown, file: string): never {
  const { code } = error as NodeJS.ErrnoException;
  if (code === undefined || error instanceof Problem) throw error;
  throw new Problem({ code: 'missing', message: `${file} cannot be read: ${WHY[code] ?? code}.` });
}
