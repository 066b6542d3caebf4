import { spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { pathToFileURL } from 'node:url';
import { Rewards, type Samples, type TraceJob } from '../../src/machine/rewards/rewards';
import type { Drawn } from './drawn';
import { milliseconds, type Figure } from './figure';
import { samples } from './rewardSamples';

const source = readFileSync('test/recordings/rewards/spatial.py', 'utf8');
const python = process.env['GRPO_LENS_PYTHON'] ?? 'python3';
const runner = new Rewards({ python, home: 'python' });
const few = samples(1_000);
const many = samples(10_000);
let edits = 0;

/** The text after one more edit, over samples that are there already. */
function job(samples: Samples): TraceJob {
  return {
    source: `${source}\n# edit ${edits++}\n`,
    path: `${process.cwd()}/test/recordings/rewards/spatial.py`,
    reward: 'spatial',
    samples,
    timeout: 10,
  };
}

/** Until all samples are traced, and the lines can be drawn. */
async function traced(samples: Samples): Promise<number> {
  const start = performance.now();
  let end = 0;
  await runner.trace({ ...job(samples), onTraced: () => (end = performance.now()) });
  return end - start;
}

/** Until the plain calls, too, are through. */
function verified(samples: Samples): Promise<number> {
  return milliseconds(() => runner.trace(job(samples)));
}

/** What a script of plain Python prints for some samples. */
async function plainly(mode: string, file: string, reward: string, { columns }: Samples): Promise<number> {
  const child = spawn(python, ['test/speed/rewardsPlain.py', mode, file, reward], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  child.stdin.end(JSON.stringify(columns));
  return Number(await text(child.stdout));
}

/** The most memory that our Python ever had, in MB, after all samples were traced and verified. */
async function memory(): Promise<number> {
  const own = new Rewards({ python, home: 'python' });
  await own.trace({ ...job(samples(100_000)), timeout: 120 });
  const children = readFileSync(`/proc/self/task/${process.pid}/children`, 'utf8').trim().split(' ');
  const peaks = children.map((id) =>
    Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${id}/status`, 'utf8'))?.[1] ?? 0),
  );
  own.dispose();
  return Math.max(...peaks) / 1024;
}

const SPATIAL = 'test/recordings/rewards/spatial.py';
const hasVerify = spawnSync(python, ['-c', 'import math_verify']).status === 0;
const sums = sumsOf(100);

/** `2 + 3` and the like, half of them wrong. */
function sumsOf(rows: number): Samples {
  const solution = Array.from({ length: rows }, (_, row) => `$${row + 3}$`);
  const completion = solution.map((_, row) => `So it is $\\boxed{${row + 3 + (row % 2)}}$`);
  return { id: 'sums', columns: { completion, solution }, batches: [[0, rows]] };
}

/** Milliseconds a sample in our traced run, its first run apart: math_verify warms caches. */
async function verifiedEach(): Promise<number> {
  const source = `${readFileSync('test/speed/verified.py', 'utf8')}\n# edit ${edits++}\n`;
  const asked = {
    source,
    path: `${process.cwd()}/test/speed/verified.py`,
    reward: 'verified',
    samples: sums,
    timeout: 60,
  };
  const { ms } = await runner.trace(asked);
  return ms.traced / 100;
}

/** With GRPO_LENS_PYTHON set to one that has math_verify. */
const withVerify: Figure = {
  ...{ name: 'a sample by math_verify, traced', unit: 'ms', runs: 5, run: verifiedEach },
  peer: { name: 'plain Python', run: () => plainly('each', 'test/speed/verified.py', 'verified', sums) },
};

let window: Promise<Readonly<Record<string, Drawn>>> | undefined;

/** In the extension host of a real editor, from the end of the pause in typing until decorations are set. */
async function inEditor(): Promise<Readonly<Record<string, Drawn>>> {
  const { runSuite } = (await import(pathToFileURL(join(process.cwd(), '.ci/window.mjs')).href)) as Editor;
  const file = join(process.cwd(), '.build/drawn.json');
  const suite = { name: 'drawn', files: ['test/speed/drawn.ts'], env: { GRPO_LENS_FIGURE: file } };
  if ((await runSuite(suite)).failed > 0) throw new Error('Edits could not be measured in the editor: see above.');
  return JSON.parse(readFileSync(file, 'utf8')) as Record<string, Drawn>;
}

interface Editor {
  runSuite(suite: object): Promise<{ failed: number }>;
}

function drawn(rows: number, what: keyof Drawn, budget: number): Figure {
  let taken = 0;
  const run = async (): Promise<number> => (await (window ??= inEditor()))[rows]?.[what][taken++] ?? NaN;
  const until = what === 'traced' ? 'drawn' : 'drawn and verified';
  const name = `end of the pause to ${rows.toLocaleString('en')} rewards ${until}`;
  return { name, unit: 'ms', budget, runs: rows === 1_000 ? 15 : 5, run };
}

export const figures: readonly Figure[] = [
  drawn(1_000, 'traced', 80),
  drawn(1_000, 'verified', 150),
  drawn(10_000, 'traced', 600),
  { name: 'of it, Python with 1,000 rewards', unit: 'ms', runs: 15, run: () => traced(few) },
  { name: 'of it, Python with 1,000 rewards verified', unit: 'ms', runs: 15, run: () => verified(few) },
  { name: 'of it, Python with 10,000 rewards', unit: 'ms', runs: 5, run: () => traced(many) },
  {
    ...{ name: 'why one sample has its score', unit: 'ms', budget: 10, runs: 30 },
    run: () => milliseconds(() => runner.explain(job(few), edits % 1_000)),
  },
  {
    ...{ name: '1,000 plain calls of batches', unit: 'ms', runs: 9 },
    run: () => milliseconds(() => runner.score(job(few))),
  },
  {
    ...{ name: 'traced over a plain loop, 10,000 samples', unit: '×', budget: 1.5, runs: 3 },
    run: () => plainly('ratio', SPATIAL, 'spatial', many),
  },
  { name: 'memory of Python at 100,000 samples', unit: 'MB', budget: 200, runs: 1, run: memory },
  ...(hasVerify ? [withVerify] : []),
];

/** Ends Python, so that the bench can end. */
export function end(): void {
  runner.dispose();
}
