import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';

const root = path.resolve(import.meta.dirname, '../..');

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'grpo-merge-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it(
  'merges adapters bit for bit as PEFT does, in each type, with and without rslora',
  { timeout: 300_000 },
  async () => {
    const python = process.env.GRPO_LENS_TEST_PYTHON ?? '';
    const script = path.join(root, 'python/grpo_lens/merge_lora.py');
    const oracle = path.join(import.meta.dirname, 'peftOracle.py');
    const env = { ...process.env, PYTHONPATH: path.resolve('python') };
    const { stdout } = await promisify(execFile)(python, [oracle, folder, script], { maxBuffer: 1 << 24, env });
    const told = stdout
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line) as unknown);
    const types = ['torch.float32', 'torch.float16', 'torch.bfloat16'];
    expect(told).toEqual(
      types.flatMap((type) => [false, true].map((rslora) => ({ type, rslora, same: true, changed: 14 }))),
    );
  },
);
