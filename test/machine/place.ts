import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Wish } from '../../src/domain/launch';
import type { Run } from '../../src/domain/run';
import { Runs } from '../../src/machine/runs';
import { Targets, type TargetsOptions } from '../../src/machine/targets';

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
    remove: () => rmSync(home, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 }),
  };
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
