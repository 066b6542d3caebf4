import { appendFileSync, createReadStream, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { execa } from 'execa';
import { easyr1Dataset } from '../../src/domain/frameworks/easyr1/dataset';
import { verlDataset } from '../../src/domain/frameworks/verl/dataset';
import { convert, plan } from '../../src/machine/data/convert';
import { milliseconds, type Figure } from './figure';

const folder = mkdtempSync(join(tmpdir(), 'grpo-data-'));
const input = join(folder, 'in.jsonl');
const BYTES = 1_000_000_000;
/** Bytes that are made before they are written. */
const TOGETHER = 20_000_000;
/** 100 MB a second, in milliseconds. */
const BUDGET = BYTES / 100_000;
const WORDS =
  'is there evidence of an aneurysm in the left lung field what organ system is seen where consolidation'.split(' ');

/** Records such as VQA-RAD's, drawn by chance, the same every time. */
function made(): void {
  let state = 7;
  const roll = (n: number): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * n);
  };
  let lines: string[] = [];
  for (let [size, held, row] = [0, 0, 0]; size < BYTES; row++) {
    const text = Array.from({ length: 60 + roll(60) }, () => WORDS[roll(WORDS.length)]).join(' ');
    const record = {
      prompt: `<image>${text}? “é”`,
      answer: `no ${roll(999)}`,
      images: [`images/${row}.jpg`],
      id: row,
      score: roll(99) / 7,
    };
    const line = JSON.stringify(record);
    size += line.length + 1;
    held += line.length + 1;
    lines.push(line);
    if (held < TOGETHER && size < BYTES) continue;
    appendFileSync(input, `${lines.join('\n')}\n`);
    [lines, held] = [[], 0];
  }
}

const PACE = { ahead: true, threads: resolve('dist', 'convertWorker.js') };
const [parquet, back] = [join(folder, 'out.parquet'), join(folder, 'back.jsonl')];

async function there(): Promise<void> {
  await convert(await plan({ input, output: parquet, to: verlDataset }, PACE), PACE);
}

async function andBack(): Promise<void> {
  await convert(await plan({ input: parquet, output: back, to: easyr1Dataset }, PACE), PACE);
}

/** The most memory that a conversion in a process of its own held, its threads included, in MB. */
async function memory(...words: readonly string[]): Promise<number> {
  const work = execa('node', ['dist/grpo.js', 'data', 'convert', ...words]);
  let most = 0;
  const look = (): void => {
    const status = readFileSync(`/proc/${work.pid ?? 0}/status`, 'utf8');
    most = Math.max(most, Number(/^VmHWM:\s+(\d+) kB/m.exec(status)?.[1] ?? 0));
  };
  const timer = setInterval(look, 100);
  void work.once('exit', () => clearInterval(timer));
  await work;
  return (most * 1024) / 1e6;
}

/** What a conversion that makes objects cannot be faster than, in one thread. */
const peer = {
  name: 'reading the lines with JSON.parse alone',
  run: () =>
    milliseconds(async () => {
      for await (const line of createInterface({ input: createReadStream(input) })) JSON.parse(line);
    }),
};

made();

export const figures: readonly Figure[] = [
  {
    name: '1 GB of JSONL to parquet of another form',
    unit: 'ms',
    budget: BUDGET,
    run: () => milliseconds(there),
    runs: 1,
    peer,
  },
  {
    name: 'that parquet back to JSONL',
    unit: 'ms',
    budget: BUDGET,
    run: () => milliseconds(andBack),
    runs: 1,
    peer,
  },
  {
    name: 'memory of grpo data convert, there',
    unit: 'MB',
    budget: 300,
    run: () => memory(input, parquet, '--to', 'verl'),
    runs: 1,
  },
  {
    name: 'memory of grpo data convert, back',
    unit: 'MB',
    budget: 300,
    run: () => memory(parquet, back, '--to', 'easyr1'),
    runs: 1,
  },
];

export function end(): void {
  rmSync(folder, { recursive: true });
}
