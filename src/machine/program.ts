import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Problem } from '../domain/problem';

/** Our own `host.py`: where it stands here, its text, and the hash that names its copies. */
export interface Program {
  readonly file: string;
  readonly text: Buffer;
  readonly hash: string;
}

/** Reads `grpo_lens/host.py` in the folder of our Python side. */
export function hostProgram(python: string): Program {
  const file = join(python, 'grpo_lens', 'host.py');
  const text = readFileSync(file);
  return { file, text, hash: createHash('sha256').update(text).digest('hex').slice(0, 16) };
}

/** The folder `python` beside the bundle that is running, or above it; throws a `Problem` where it is missing. */
export function pythonFolder(start: string): string {
  for (let folder = start; ; folder = dirname(folder)) {
    const python = join(folder, 'python');
    if (existsSync(join(python, 'grpo_lens', 'host.py'))) return python;
    if (dirname(folder) === folder) break;
  }
  throw new Problem({
    code: 'missing',
    message: `The folder python/grpo_lens is missing above ${start}: install again.`,
  });
}
