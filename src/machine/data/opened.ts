import { open, type FileHandle } from 'node:fs/promises';
import { unread } from '../unread';

/** A file that is open for reading. Errors: `missing`, also where it is a folder. */
export async function opened(file: string): Promise<FileHandle> {
  const handle = await open(file).catch((error: unknown) => unread(error, file));
  if (!(await handle.stat()).isDirectory()) return handle;
  await handle.close();
  return unread({ code: 'EISDIR' }, file);
}
