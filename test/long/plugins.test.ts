import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { expect, test } from 'vitest';

interface Told {
  readonly file: string;
  /** null: the file has none. */
  readonly reward: string | null;
  readonly ours: readonly unknown[];
  readonly plain: readonly unknown[];
  /** `equal`, `neither`, `stood in` or `different`. */
  readonly how?: string;
}

const python = process.env['GRPO_LENS_TEST_PYTHON'] ?? 'python3';
const script = new URL('plugins.py', import.meta.url).pathname;
const made = new URL('../recordings/plugins', import.meta.url).pathname;

async function told(folder: string): Promise<Told[]> {
  const child = spawn(python, [script, folder], { stdio: ['ignore', 'pipe', 'inherit'] });
  const all: Told[] = [];
  for await (const line of createInterface(child.stdout)) all.push(JSON.parse(line) as Told);
  return all;
}

const different = (all: readonly Told[]): Told[] => all.filter(({ how }) => how === 'different');

test('reward files in the forms of others give what plain Python gives, sample by sample', async () => {
  const all = await told(made);
  expect(different(all)).toEqual([]);
  expect(all.length).toBeGreaterThan(11);
  expect(all.filter(({ how }) => how !== 'equal')).toEqual([]);
});

/** Files by others are not in this repository: `GRPO_LENS_PLUGINS` names a folder of them. */
const folder = process.env['GRPO_LENS_PLUGINS'];
test.runIf(folder !== undefined)('and so do the files of GRPO_LENS_PLUGINS', async () => {
  const all = await told(folder ?? '');
  expect(new Set(all.filter(({ reward }) => reward !== null).map(({ file }) => file)).size).toBeGreaterThan(19);
  expect(different(all)).toEqual([]);
});
