import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { samplesNear } from '../../src/machine/rewards/nearby';
import { isWhole, paste, startPlayground } from '../../src/machine/rewards/playground';
import { prepare } from '../../src/machine/rewards/samples';
import { openTable } from '../../src/machine/table/table';

test('what is typed or pasted for a row becomes samples beside the reward file', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'grpo-lens-test-'));
  const file = join(folder, 'rewards.py');
  writeFileSync(file, '');
  const path = await startPlayground(file);
  await paste(file, { question: 'How many?', solution: '2' }, 'Two.\n---\nThree.\nOr four.\n');
  expect(await samplesNear(file)).toEqual([path]);
  const table = await openTable(path);
  const { samples } = await prepare(table, ['solution']);
  expect(samples.columns['completion']).toEqual(['What the model writes', 'Two.', 'Three.\nOr four.']);
  expect(samples.columns['prompt']).toEqual(['What is asked', 'How many?', 'How many?']);
  expect(samples.columns['solution']).toEqual(['What is right', '2', '2']);
  expect(isWhole(readFileSync(path, 'utf8'))).toBe(true);
  const again = await prepare(await openTable(path), ['solution']);
  expect(again.samples.id, 'texts that were read again are sent again').not.toBe(samples.id);
  await paste(file, { question: 'How many?', solution: '2' }, 'Four.');
  const longer = await openTable(path);
  const idOf = async (rows: readonly number[]): Promise<string> => (await prepare(longer, [], rows)).samples.id;
  expect(await idOf([0, 1, 3]), 'other rows between the same two are sent, too').not.toBe(await idOf([0, 2, 3]));
});

test.each([
  ['{"completion": "a"}\n', true],
  ['{"completion": "a"}\n\n{"completion": "b"', false],
  ['', false],
  ['{"prompt": "a"}', false],
])('%j may be read: %s', (text, whole) => {
  expect(isWhole(text)).toBe(whole);
});
