import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, expect, it } from 'vitest';
import { scoreAt, unknownScores } from '../../src/domain/rollouts/columns';
import { openTable } from '../../src/machine/table/table';
import { columnsFor } from '../../src/machine/table/samples';
import { makePlace, wishOf } from '../machine/place';

const folder = mkdtempSync(path.join(os.tmpdir(), 'grpo-trl-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const python = process.env['GRPO_LENS_TEST_PYTHON'] ?? 'python3';
const script = path.join(import.meta.dirname, 'trlRecording.py');

it('TRL trains a tiny model with our callback; its record has groups, solutions and rewards as the trainer logged them', async () => {
  const { stdout } = await promisify(execFile)(python, [script, folder], { maxBuffer: 1 << 24 });
  await check(path.join(folder, 'record'), stdout);
});

it('the same is recorded of a launch whose script knows nothing of it', async () => {
  const place = makePlace();
  const runs = place.runs();
  try {
    const command = [python, script, path.join(folder, 'plain'), 'plain'];
    const { run } = await runs.launch({ ...wishOf(''), command, record: true }, 'plain');
    await expect.poll(async () => (await runs.find(run.id)).state, { timeout: 240_000 }).toBe('succeeded');
    await check(path.join(run.folder, 'record'), (await runs.read(run, run.log ?? '')).bytes.toString());
  } finally {
    runs.dispose();
    place.remove();
  }
});

/** The record is what the trainer logged, which stands in the last line that it wrote. */
async function check(record: string, stdout: string): Promise<void> {
  const history = JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as { step: number; reward: number }[];
  const table = await openTable(record);
  expect(table.rows).toBe(12);
  expect(table.grouping).toMatchObject({ by: 'id' });
  const groups = Array.from({ length: 12 }, (_, row) => table.group[row]);
  expect(groups).toEqual([0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2]);
  const scores = table.scores.get('long_enough') ?? unknownScores(0);
  const means = [0, 1, 2].map((group) => {
    const rows = groups.flatMap((own, row) => (own === group ? [row] : []));
    const sum = rows.reduce((total, row) => total + Number(scoreAt(scores, row)), 0);
    return { step: table.step[rows[0] ?? 0], reward: sum / rows.length };
  });
  expect(means).toEqual(history);
  const { columns } = await columnsFor(table, { needs: ['solution'] });
  expect(columns['solution']).toHaveLength(12);
}
