import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Runs } from '../../src/machine/runs/runs';
import { Targets } from '../../src/machine/hosts/targets';
import { milliseconds, type Figure } from './figure';
import { followed } from './followed';
import { idleShare } from './idle';
import { parseRate } from './parsing';

const home = mkdtempSync(join(tmpdir(), 'lens-bench-'));
process.on('exit', () => rmSync(home, { recursive: true, force: true }));
let made = false;

const COUNT = 1000;
const MEGABYTES = 100;
const END = { offset: -65_536 };
const mark = { pid: 1, start: '1', boot: 'another' };

/** A thousand runs that have ended, and one whose log has 100 MB. */
function make(): void {
  if (made) return;
  made = true;
  for (let at = 0; at < COUNT; at++) {
    const folder = join(home, 'runs', `20260101-000000-run-${String(at).padStart(4, '0')}`);
    const attempt = join(folder, 'attempts/1');
    mkdirSync(attempt, { recursive: true });
    const launch = { form: 1, name: `run ${at}`, framework: 'own', command: ['true'], cwd: '/', env: {}, secrets: [] };
    const rest = { target: 'here', inputs: [], createdAt: at };
    writeFileSync(join(folder, 'launch.json'), JSON.stringify({ ...launch, ...rest }));
    writeFileSync(
      join(attempt, 'handle'),
      JSON.stringify({ how: 'setsid', host: 'x', at, watcher: mark, program: mark }),
    );
    writeFileSync(join(attempt, 'exit'), '0\n');
    writeFileSync(join(attempt, 'script.sh'), 'exec true\n');
    writeFileSync(join(attempt, 'log.txt'), '');
  }
  const line = `{'loss': '0.0123', 'grad_norm': '0.5', 'reward': '1.25', 'epoch': '0.1'}`.padEnd(199) + '\n';
  const block = line.repeat(5243);
  const log = join(home, 'runs', '20260101-000000-run-0999/attempts/1/log.txt');
  for (let at = 0; at < MEGABYTES; at++) writeFileSync(log, block, { flag: 'a' });
}

/** Measures with a connection of its own, which was used once before where it is warm. */
async function measured(work: (runs: Runs) => Promise<number>, warm = true): Promise<number> {
  make();
  const runs = new Runs(new Targets({ python: join(process.cwd(), 'python'), home }));
  try {
    if (warm) await listAll(runs);
    return await work(runs);
  } finally {
    runs.dispose();
  }
}

export const figures: Figure[] = [
  {
    name: 'runs: first look at 1,000 runs, Python started for it',
    unit: 'ms',
    run: () => measured((all) => milliseconds(() => listAll(all)), false),
  },
  {
    name: 'runs: 1,000 runs listed',
    unit: 'ms',
    budget: 500,
    run: () => measured((all) => milliseconds(() => listAll(all))),
  },
  {
    name: 'runs: a log of 100 MB opened at its end',
    unit: 'ms',
    budget: 300,
    run: () =>
      measured(async (all) => {
        const run = await all.find('20260101-000000-run-0999');
        return milliseconds(async () => {
          const lines = await new Promise<readonly string[]>((resolve) => {
            const tail = all.follow(
              run,
              { lines: (told) => void tail.then((one) => (one.dispose(), resolve(told))) },
              END,
            );
          });
          if (lines.length < 300) throw new Error('lines are missing');
        });
      }),
  },
];

figures.push(
  {
    name: 'runs: line written to point on screen, here',
    unit: 'ms',
    budget: 1000,
    runs: 3,
    run: () => followed().latency(),
  },
  {
    name: 'runs: line written to point on screen, over ssh with 20 ms each way',
    unit: 'ms',
    budget: 2000,
    runs: 3,
    run: () => followed(20).latency(),
  },
  {
    name: 'runs: over ssh, a run followed that logs a line a second',
    unit: 'kB/s',
    budget: 20,
    runs: 1,
    run: () => followed(20).traffic(),
  },
  { name: 'runs: 100 MB of a real log parsed', unit: 'ms', budget: 1000, runs: 3, run: parseRate },
  { name: 'runs: one run, nobody looking, a check every 15 s', unit: '% CPU', budget: 1, runs: 1, run: idleShare },
);

async function listAll(all: Runs): Promise<void> {
  const { runs: seen } = await all.list();
  if (seen.length !== COUNT) throw new Error(`${seen.length} runs were seen`);
  if (seen.some(({ state }) => state !== 'succeeded')) throw new Error('a state is wrong');
}
