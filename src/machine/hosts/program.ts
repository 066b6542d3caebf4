import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Our own `host.py` with what it needs beside it: where it stands here, its files as one JSON, and the hash that names its copies. */
export interface Program {
  readonly file: string;
  /** Names below the folder → texts. */
  readonly text: Buffer;
  readonly hash: string;
}

const BESIDE = 'onhost';

/** Reads `grpo_lens/host.py` and the folder `onhost` beside it, in the folder of our Python side. */
export function hostProgram(python: string): Program {
  const folder = join(python, 'grpo_lens');
  const beside = readdirSync(join(folder, BESIDE)).filter((name) => name.endsWith('.py'));
  const names = ['host.py', ...beside.sort().map((name) => `${BESIDE}/${name}`)];
  const texts = names.map((name) => [name, readFileSync(join(folder, name), 'utf8')] as const);
  const text = Buffer.from(JSON.stringify(Object.fromEntries(texts)));
  const hash = createHash('sha256').update(text).digest('hex').slice(0, 16);
  return { file: join(folder, 'host.py'), text, hash };
}
