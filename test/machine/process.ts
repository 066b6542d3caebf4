import { buildSync } from 'esbuild';
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Bundles a TypeScript file of the tests so that plain Node can run it as a process of its own. */
export function bundled(name: string): string {
  const file = join(mkdtempSync(join(tmpdir(), 'lens-bundle-')), `${name}.cjs`);
  const entry = join(import.meta.dirname, `${name}.ts`);
  buildSync({ entryPoints: [entry], bundle: true, platform: 'node', format: 'cjs', outfile: file, logLevel: 'error' });
  return file;
}

/** A process of a bundled file with its first word of output. */
export function started(file: string, order: unknown, env: NodeJS.ProcessEnv = {}): Started {
  const args = [file, JSON.stringify(order)];
  const child = spawn(process.execPath, args, {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const said = new Promise<Record<string, unknown> | undefined>((resolve) => {
    let text = '';
    child.stdout.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      if (text.includes('\n')) resolve(JSON.parse(text) as Record<string, unknown>);
    });
    child.once('close', () => resolve(undefined));
  });
  return { child, said };
}

export interface Started {
  readonly child: ChildProcess;
  /** Undefined where it died before it said anything. */
  readonly said: Promise<Record<string, unknown> | undefined>;
}

/** What of a process's tree is killed: the process alone, all of it, or only what it started. */
type Part = 'extension host' | 'editor' | 'host program';

/** A process and everything below it, or a part of that, by kill -9. */
export function killTree(root: number, part: Part = 'editor'): void {
  const table = execFileSync('ps', ['-eo', 'pid=,ppid='], { encoding: 'utf8' });
  const pairs = table
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number));
  const doomed = [root];
  for (const pid of doomed)
    for (const [child, parent] of pairs) if (parent === pid && child !== undefined) doomed.push(child);
  const [first, ...below] = doomed;
  if (part !== 'host program' && first !== undefined) kill(first);
  if (part !== 'extension host') for (const pid of below) kill(pid);
}

/** By kill -9; one that has ended meanwhile is what was wanted. */
export function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
