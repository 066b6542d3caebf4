import { spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { Rewards, type Samples, type TraceJob } from '../../src/machine/rewards';
import { milliseconds, type Figure } from './figure';

const THINK = 'Let me look at the picture first; the object on the left is near the door, so I move step by step. ';
const WAYS = ['up', 'down', 'left', 'right'] as const;

/** Numbers from 0 to 1 that are the same on every machine. */
function chance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296;
    return state / 4_294_967_296;
  };
}

/** Completions of 150 to 700 characters: half choose a letter, half go through a maze, some of them wrongly. */
function samples(rows: number): Samples {
  const next = chance(rows);
  const pick = <T>(items: readonly T[]): T => items[Math.floor(next() * items.length)] as T;
  const completion: string[] = [];
  const solution: string[] = [];
  for (let row = 0; row < rows; row++) {
    const think = `<think>${THINK.repeat(1 + Math.floor(next() * 4))}</think>\n`;
    const letter = pick(['A', 'B', 'C', 'D']);
    const path = Array.from({ length: 4 + Math.floor(next() * 10) }, () => pick(WAYS));
    const given = path.map((way) => (next() < 0.2 ? pick(WAYS) : way));
    const shown = next() < 0.5 ? JSON.stringify(given) : `[${given.join(', ')}]`;
    const answer = pick([letter, letter, pick(['A', 'B', 'C', 'D']), `${letter}. the door`]);
    completion.push(`${think}<answer>${row % 2 ? shown : answer}</answer>`);
    solution.push(row % 2 ? JSON.stringify(path) : `<answer>${letter}</answer>`);
  }
  const batches = Array.from({ length: Math.ceil(rows / 128) }, (_, at) => {
    return [at * 128, Math.min(rows, at * 128 + 128)] as const;
  });
  return { id: `bench-${rows}`, columns: { completion, solution }, batches };
}

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

export const figures: readonly Figure[] = [
  { name: 'edit to 1,000 rewards', unit: 'ms', budget: 80, runs: 15, run: () => traced(few) },
  { name: 'edit to 1,000 rewards, verified', unit: 'ms', budget: 150, runs: 15, run: () => verified(few) },
  { name: 'edit to 10,000 rewards', unit: 'ms', budget: 600, runs: 5, run: () => traced(many) },
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
