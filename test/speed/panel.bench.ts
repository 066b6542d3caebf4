import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { thisDisk } from '../../src/machine/disk';
import { readLog } from '../../src/machine/runs/logText';
import { findOutputs, glance } from '../../src/machine/runs/outputs';
import type { Curve, RunOpening } from '../../src/wire/runPanel';
import { milliseconds, type Figure } from './figure';
import { curve, panel } from './runPage';

const RECORDED = readFileSync('examples/trl-count/output/stdout.log');
const LARGE = 100_000_000;

function made(): string {
  const folder = mkdtempSync(join(tmpdir(), 'grpo-bench-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

let large: string | undefined;

/** A folder with 100 MB of the recorded run's output, over and over. */
function largeRun(): string {
  if (large !== undefined) return large;
  large = made();
  const copies = Array.from({ length: Math.ceil(LARGE / RECORDED.length) }, () => RECORDED);
  writeFileSync(join(large, 'stdout.log'), Buffer.concat(copies).subarray(0, LARGE));
  return large;
}

let thousand: string | undefined;

/** A thousand output folders, each with the end of a real log. */
function thousandRuns(): string {
  if (thousand !== undefined) return thousand;
  thousand = made();
  for (let at = 0; at < 1000; at++) {
    const folder = join(thousand, `run-${at}`);
    mkdirSync(folder);
    writeFileSync(join(folder, 'stdout.log'), RECORDED.subarray(-40_000));
  }
  return thousand;
}

/** A curve as it is told when one point came. */
function lastOf({ steps, values, ...rest }: Curve): Curve {
  return { ...rest, steps: steps.slice(-1), values: values.slice(-1), after: steps.length - 1 };
}

/** What the page takes for one update of 100 curves of 1,000 points, from sending to the drawn chart. */
async function hundredSeries(): Promise<number> {
  const header = { name: 'bench', state: 'running', folder: '/bench', target: 'here', attempts: 1 } as const;
  const names = ['reward', 'kl', 'entropy', 'loss', 'grad_norm', 'learning_rate', 'step_time'];
  const all = [...names, ...Array.from({ length: 93 }, (_, at) => `other/${at}`)];
  const opening = (points: number): RunOpening => ({
    header,
    curves: all.map((name) => curve(name, points)),
    problems: [],
  });
  const shown = await panel(() => opening(1000));
  try {
    return await milliseconds(() => {
      shown.tell({ ...opening(1001), curves: all.map((name) => lastOf(curve(name, 1001))) });
      return shown.drawn(1001);
    });
  } finally {
    await shown.close();
  }
}

export const figures: readonly Figure[] = [
  {
    name: '100 MB log opened at its end',
    unit: 'ms',
    budget: 300,
    run: () => milliseconds(() => readLog(thisDisk, join(largeRun(), 'stdout.log'))),
  },
  {
    name: '1,000 runs found and glanced at',
    unit: 'ms',
    budget: 500,
    run: () => milliseconds(async () => Promise.all((await findOutputs(thousandRuns())).map(glance))),
  },
  { name: 'one update of 100 curves of 1,000 points drawn', unit: 'ms', budget: 250, runs: 3, run: hundredSeries },
];
