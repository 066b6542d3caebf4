import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach } from 'vitest';

/** A folder of its own for each test of a file; `use` is told where it is. */
export function dataFolder(use: (folder: string) => void): (name: string, content: string | Buffer) => Promise<string> {
  let folder = '';
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'data-'));
    use(folder);
  });
  afterEach(() => rm(folder, { recursive: true }));
  return async (name, content) => {
    await writeFile(join(folder, name), content);
    return join(folder, name);
  };
}
