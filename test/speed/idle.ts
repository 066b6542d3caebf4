import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { KnownRuns } from '../../src/machine/runs/known';
import { makePlace, pause, wishOf } from '../machine/place';

/** Seconds between two checks, as the editor makes them with nobody looking. */
const CHECK = 15;

/**
 * Share of one core, in percent, that watching over one run takes: this process with its check, the host's program, and
 * the run's watching process.
 */
export async function idleShare(): Promise<number> {
  const place = makePlace();
  const runs = place.runs();
  try {
    const { run } = await runs.launch(wishOf('sleep 60'), 'idle');
    const known = new KnownRuns(runs);
    await known.look('here');
    await pause(3000);
    const pids = [process.pid, ...children(), watcherOf(run.folder)];
    const before = pids.map(cpuSeconds);
    const began = performance.now();
    await known.again('here', [run.id]);
    await pause(CHECK * 1000 - (performance.now() - began));
    const took = pids.map((pid, at) => cpuSeconds(pid) - (before[at] ?? 0)).reduce((sum, one) => sum + one, 0);
    await runs.stop(run, 1);
    return (100 * took) / ((performance.now() - began) / 1000);
  } finally {
    runs.dispose();
    place.remove();
  }
}

function children(): number[] {
  const told = execFileSync('ps', ['-eo', 'pid=,ppid=,args='], { encoding: 'utf8' });
  const rows = told.split('\n').map((line) => line.trim().split(/\s+/));
  return rows
    .filter(([, parent, ...words]) => Number(parent) === process.pid && words.includes('serve'))
    .map(([pid]) => Number(pid));
}

function watcherOf(folder: string): number {
  const handle = JSON.parse(readFileSync(join(folder, 'attempts/1/handle'), 'utf8')) as { watcher: { pid: number } };
  return handle.watcher.pid;
}

/** User and system time of a process so far, by the kernel's count of hundredths. */
function cpuSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) / 100;
}
