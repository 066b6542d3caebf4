import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

/** Seconds from the start of a process, and MB. */
interface Told {
  readonly first: number;
  readonly whole: number;
  readonly memory: number;
}

const viewer = process.env['GRPO_LENS_VERL_VIEWER'];
const [STEPS, ROWS] = [100, 1024];

/** As verl 0.9 dumps them: `<step>.jsonl`, 1.2 kB a row. */
function rollouts(): string {
  const folder = mkdtempSync(join(tmpdir(), 'grpo-viewer-'));
  const words = 'the small purple metallic sphere stands left of the cube so there are no others '.repeat(12);
  for (let step = 1; step <= STEPS; step++) {
    const rows = Array.from({ length: ROWS }, (_, row) =>
      JSON.stringify({
        input: `user\nHow many in ${step} and ${row >> 3}? ${words.slice(0, 200)}\nassistant\n`,
        output: `<think>${words.slice(row % 40)}</think><answer>${row % 10}</answer>`,
        gts: '3',
        score: row % 3 === 0 ? 1 : 0,
        step,
        acc: row % 3 === 0,
      }),
    );
    writeFileSync(join(folder, `${step}.jsonl`), `${rows.join('\n')}\n`);
  }
  return folder;
}

/** The product's thread in a process of its own: the first 60 rows, then every number. */
async function ours(folder: string): Promise<Told> {
  const script = `
    const { Worker } = require('node:worker_threads');
    const began = Date.now() - performance.now();
    const seconds = () => (Date.now() - began) / 1000;
    const told = {};
    const worker = new Worker('./dist/tableWorker.js', { workerData: { path: process.argv[1], options: {} } });
    const ask = (id, method, params) => worker.postMessage({ jsonrpc: '2.0', id, method, params });
    const end = () => {
      if (told.first === undefined || told.whole === undefined) return;
      console.log(JSON.stringify({ ...told, memory: process.resourceUsage().maxRSS / 1000 }));
      process.exit();
    };
    worker.on('message', ({ id, method, params, result }) => {
      if (id === 1) ask(2, 'rows', { view: result.view, from: 0, to: 60 });
      if (id === 2) told.first = seconds();
      if (method === 'grown' && params.rows === ${STEPS * ROWS} && params.filled === params.rows) told.whole ??= seconds();
      end();
    });
    ask(1, 'view', { query: '' });`;
  return toldBy(process.execPath, ['-e', script, folder]);
}

function verls(folder: string): Promise<Told> {
  const python = process.env['GRPO_LENS_TEST_PYTHON'] ?? 'python3';
  const script = new URL('viewer.py', import.meta.url).pathname;
  return toldBy(python, [script, viewer ?? '', folder]);
}

/** The last line counts: the viewer prints every file that it has loaded. */
async function toldBy(program: string, words: readonly string[]): Promise<Told> {
  const { stdout } = await promisify(execFile)(program, [...words], { maxBuffer: 1 << 24 });
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Told;
}

test.runIf(viewer)(
  'verl’s own viewer on the same files is slower to its first screen and takes more memory',
  async () => {
    expect(existsSync('dist/tableWorker.js'), 'npm run build comes first').toBe(true);
    const folder = rollouts();
    try {
      const both = { ours: await ours(folder), verls: await verls(folder) };
      process.stdout.write(`${JSON.stringify(both)}\n`);
      expect(both.ours.first).toBeLessThan(both.verls.first);
      expect(both.ours.whole).toBeLessThan(both.verls.whole);
      expect(both.ours.memory).toBeLessThan(both.verls.memory);
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
);
