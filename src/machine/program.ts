import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

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
