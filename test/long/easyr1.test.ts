import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const checkout = process.env['GRPO_LENS_EASYR1'];

/** EasyR1 is in no package index: with GRPO_LENS_EASYR1 naming a check-out, and GRPO_LENS_TEST_PYTHON a Python with codetiming beside torch and transformers. */
test.runIf(checkout)('a checkpoint by EasyR1’s own manager is merged bit for bit as by its own script', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'grpo-easyr1-'));
  try {
    const python = process.env['GRPO_LENS_TEST_PYTHON'] ?? 'python3';
    const port = String(20_000 + (process.pid % 20_000));
    const words = ['test/long/easyr1Merger.py', checkout ?? '', folder, resolve('python'), port];
    const { stdout } = await promisify(execFile)(python, words, { maxBuffer: 1 << 24 });
    const told = JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as object;
    expect(told).toMatchObject({ names: true, equal: true, tensors: 34 });
  } finally {
    rmSync(folder, { recursive: true });
  }
});
