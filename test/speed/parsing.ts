import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RunMetrics } from '../../src/machine/runs/metrics';
import { milliseconds } from './figure';

const BYTES = 100_000_000;

/** Milliseconds for 100 MB of the recorded run's output, over and over, read into curves. */
export async function parseRate(): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'grpo-bench-'));
  try {
    const recorded = readFileSync('examples/trl-count/output/stdout.log');
    const copies = Array.from({ length: Math.ceil(BYTES / recorded.length) }, () => recorded);
    writeFileSync(join(folder, 'stdout.log'), Buffer.concat(copies).subarray(0, BYTES));
    return await milliseconds(() => new RunMetrics([folder]).refresh());
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
