import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Problem } from '../../domain/problem';

const DEPTH = 2;

/**
 * The file that a reward of a file of expectations is in: `rewards.py` for `rewards.expect.jsonl`, else the first
 * Python file near it that defines or registers the name. Errors: `missing`.
 */
export async function rewardFileOf(expectations: string, reward: string): Promise<string> {
  const own = `${expectations.replace(/\.expect\.jsonl$/, '')}.py`;
  const signs = new RegExp(
    `\\b(?:def|class)\\s+${reward.replace(/\W/g, '')}\\b|\\[\\s*['"]${reward.replace(/\W/g, '')}['"]\\s*\\]`,
  );
  for (const file of [own, ...(await pythonsBelow(dirname(expectations), DEPTH))]) {
    const text = await readFile(file, 'utf8').catch(() => undefined);
    if (text !== undefined && signs.test(text)) return file;
  }
  throw new Problem({ code: 'missing', message: `Neither ${own} nor a Python file near it defines "${reward}".` });
}

async function pythonsBelow(folder: string, depth: number): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const ordered = entries
    .filter(({ name }) => !/^[._]|^node_modules$/.test(name))
    .sort((a, b) => a.name.localeCompare(b.name));
  const files = ordered
    .filter((entry) => entry.isFile() && entry.name.endsWith('.py'))
    .map(({ name }) => join(folder, name));
  const folders = depth === 0 ? [] : ordered.filter((entry) => entry.isDirectory());
  const below = await Promise.all(folders.map(({ name }) => pythonsBelow(join(folder, name), depth - 1)));
  return [...files, ...below.flat()];
}
