import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Wish } from '../../src/domain/runs/launch';
import type { Run } from '../../src/domain/runs/run';
import { Runs } from '../../src/machine/runs/runs';
import { Targets, type TargetsOptions } from '../../src/machine/hosts/targets';
import { kill } from './process';
import { commandOf } from './pythons';

export const PYTHON = join(import.meta.dirname, '../../python');

/** A home of our own for a test, with its targets, and nothing of the user's. */
export interface Place {
  readonly home: string;
  /** A fresh object, as another process would have it. */
  runs(options?: Partial<TargetsOptions>): Runs;
  remove(): void;
}

export function makePlace(targets: Readonly<Record<string, unknown>> = { here: { detach: 'setsid' } }): Place {
  const home = mkdtempSync(join(tmpdir(), 'lens-home-'));
  writeFileSync(join(home, 'targets.json'), JSON.stringify({ form: 1, targets }));
  return {
    home,
    runs: (options = {}) => new Runs(new Targets({ python: PYTHON, home, ...options })),
    remove: () => removeHome(home),
  };
}

/**
 * Removes where runs are kept. A run that failed is told as ended at once, but its watcher takes up to 10 s more to note
 * what it met, and a file that is written between `rmSync`'s look and its end makes it fail, retry as it may: so the
 * watchers are ended first.
 */
export function removeHome(home: string): void {
  for (const pid of watchersIn(home)) {
    kill(pid);
    while (watches(pid)) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
  }
  rmSync(home, { recursive: true, force: true, maxRetries: 5 });
}

function watchersIn(home: string): readonly number[] {
  const runs = join(home, 'runs');
  if (!existsSync(runs)) return [];
  const handles = readdirSync(runs, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('/handle'));
  const read = handles.map((name) => JSON.parse(readFileSync(join(runs, name), 'utf8')) as { watcher?: Marked });
  return read.flatMap(({ watcher }) => (watcher && watches(watcher.pid) ? [watcher.pid] : []));
}

type Marked = { readonly pid: number } | null;

/** Whether it is a living watcher: one that is ended has no words left, buried or not. */
function watches(pid: number): boolean {
  return commandOf(`${pid}`).split('\0').includes('watch');
}

export function wishOf(script: string, more: Partial<Wish> = {}): Wish {
  return { name: 'test', framework: 'own', command: ['sh', '-c', script], cwd: '/tmp', target: 'here', ...more };
}

export const pause = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Looks until the run's state is one of these. */
export async function until(runs: Runs, id: string, ...states: readonly Run['state'][]): Promise<Run> {
  for (let tries = 0; tries < 300; tries++) {
    const run = await runs.find(id);
    if (states.includes(run.state)) return run;
    await pause(100);
  }
  throw new Error(`${id} did not become ${states.join(' or ')}`);
}

/** All lines of a run's log, followed by a fresh tail to the end of what is there. */
export async function wholeLog(runs: Runs, run: Run): Promise<string> {
  const { bytes } = await runs.read(run, run.log ?? '');
  return bytes.toString('utf8');
}
