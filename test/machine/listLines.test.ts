import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { shapeOf } from '../../src/domain/frameworks/rollouts';
import { Filling } from '../../src/machine/rollouts/fill';
import { OpenFile } from '../../src/machine/rollouts/openFile';
import { columnarCut, StretchSource } from '../../src/machine/rollouts/stretches';

it.each([0, 60, 1 << 20])('lines of lists fill their columns with %d bytes of them in memory', async (held) => {
  const line = (step: number): string =>
    `${JSON.stringify({ step: [step, step], prompt: ['p', 'p'], completion: ['a', 'b'], Acc: [step / 10, 0] })}\n`;
  const file = join(await mkdtemp(join(tmpdir(), 'grpo-lists-')), 'completions.jsonl');
  await writeFile(file, line(1) + line(2) + line(3));
  const shape = shapeOf(JSON.parse(line(1)) as Record<string, unknown>, file);
  if (!shape) throw new Error('no shape');
  const source = new StretchSource(file, (open) => columnarCut(open, shape), new OpenFile(file), held);
  source.end();
  const filling = new Filling();
  filling.reserve(source.rows);
  while (await source.fill({ filling, start: 0 }, 0));
  const scores = filling.scores(6).get('Acc');
  expect([...filling.step(6)]).toEqual([1, 1, 2, 2, 3, 3]);
  expect([...(scores?.values ?? [])]).toEqual([0.1, 0, 0.2, 0, 0.3, 0]);
  source.close();
});
