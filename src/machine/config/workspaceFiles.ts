import { readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join, resolve } from 'node:path';

const MOST = 300;
const HIDDEN = /^(\.git|\.vscode|\.DS_Store|__pycache__|node_modules)$/;

/** Names in a folder as a document beside it would write them, folders first with a slash behind. */
export function folderReader(document: string): (path: string) => readonly string[] | undefined {
  return (path) => {
    const whole = path.startsWith('~/') ? join(homedir(), path.slice(2)) : path;
    const place = isAbsolute(whole) ? whole : resolve(dirname(document), whole);
    const entries = entriesOf(place).filter(({ name }) => !HIDDEN.test(name));
    const named = entries.map((entry) => `${entry.name}${entry.isDirectory() ? '/' : ''}`);
    return named.sort((a, b) => Number(b.endsWith('/')) - Number(a.endsWith('/')) || a.localeCompare(b)).slice(0, MOST);
  };
}

/** Ids of models and data sets in the cache of the Hugging Face hub (`models--owner--name`). */
export function downloadedIds(env: NodeJS.ProcessEnv = process.env): string[] {
  const home = env['HF_HOME'] ?? join(homedir(), '.cache', 'huggingface');
  return entriesOf(env['HF_HUB_CACHE'] ?? join(home, 'hub')).flatMap(({ name }) => {
    const [, id] = /^(?:models|datasets)--(.+)$/.exec(name) ?? [];
    return id === undefined ? [] : [id.replace('--', '/')];
  });
}

function entriesOf(folder: string): { readonly name: string; isDirectory(): boolean }[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    if (['ENOENT', 'ENOTDIR', 'EACCES', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '')) return [];
    throw error;
  }
}
