import { createReadStream, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { easyr1Dataset } from '../../src/domain/frameworks/easyr1/dataset';
import { verlDataset } from '../../src/domain/frameworks/verl/dataset';
import { convert, plan } from '../../src/machine/data/convert';
import { milliseconds, type Figure } from './figure';

const folder = mkdtempSync(join(tmpdir(), 'grpo-data-'));
const input = join(folder, 'in.jsonl');
const BYTES = 200_000_000;
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
  const lines: string[] = [];
  for (let size = 0, row = 0; size < BYTES; row++) {
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
    lines.push(line);
  }
  writeFileSync(input, `${lines.join('\n')}\n`);
}

const PACE = { ahead: true, threads: resolve('dist', 'convertWorker.js') };
const [parquet, back] = [join(folder, 'out.parquet'), join(folder, 'back.jsonl')];

async function there(): Promise<void> {
  await convert(await plan({ input, output: parquet, to: verlDataset }, PACE), PACE);
}

async function andBack(): Promise<void> {
  await convert(await plan({ input: parquet, output: back, to: easyr1Dataset }, PACE), PACE);
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
    name: '200 MB of JSONL to parquet of another form',
    unit: 'ms',
    budget: BUDGET,
    run: () => milliseconds(there),
    runs: 3,
    peer,
  },
  { name: 'that parquet back to JSONL', unit: 'ms', budget: BUDGET, run: () => milliseconds(andBack), runs: 3, peer },
];

export function end(): void {
  rmSync(folder, { recursive: true });
}
