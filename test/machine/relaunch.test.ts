import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Problem } from '../../src/domain/problem';
import { againWish } from '../../src/machine/runs/relaunch';
import type { Runs } from '../../src/machine/runs/runs';
import { eachPlace } from './eachPlace';
import { until, wholeLog, wishOf } from './place';

let runs: Runs;

eachPlace((fresh) => ({ runs } = fresh));

const BIG = `a: é\n# ${'x'.repeat(1_500_000)}\n`;
const inputs = [
  { path: '/there/a.yaml', text: BIG },
  { path: '/here/a.yaml', text: 'b: 2\n' },
];
const reading = ['sh', '-c', 'cat "$0" | head -n 1; cat "$1"', '{inputs}/a.yaml', '{inputs}/2-a.yaml'];

it('a run of a configuration starts again with its copied inputs', async () => {
  const first = await runs.launch(wishOf('', { command: reading, inputs }));
  const ended = await until(runs, first.run.id, 'succeeded');
  const wish = await againWish(runs, ended, reading, {});
  const { run } = await runs.launch(wish);
  expect(await wholeLog(runs, await until(runs, run.id, 'succeeded', 'failed'))).toBe('a: é\nb: 2\n');
  expect(readFileSync(join(run.folder, 'inputs/a.yaml'), 'utf8')).toBe(BIG);
  expect(run.launch?.inputs).toEqual(ended.launch?.inputs);
});

it.each([
  [reading, 'hf_aBcDeFgHiJkLmNoPqRsTuVwXyZ0123', /a\.yaml held a secret, which is kept nowhere/],
  [['true'], 'hf_aBcDeFgHiJkLmNoPqRsTuVwXyZ0123', undefined],
])('a copy out of which a secret was taken is not started from (%#)', async (command, secret, said) => {
  const inputs = [{ path: 'a.yaml', text: `token: ${secret}\n` }];
  const { run } = await runs.launch(wishOf('', { command, inputs }));
  const wish = await againWish(runs, await until(runs, run.id, 'succeeded', 'failed'), command, {}).catch(
    (error: Problem) => error,
  );
  if (said) expect((wish as Problem).message).toMatch(said);
  else expect(wish).toMatchObject({ inputs: [{ path: 'a.yaml', text: 'token: ***\n' }] });
});

it('a copy that is gone is said, where the command reads it', async () => {
  const command = ['cat', '{inputs}/a.yaml'];
  const { run } = await runs.launch(wishOf('', { command, inputs: [{ path: 'a.yaml', text: 'a: 1\n' }] }));
  const ended = await until(runs, run.id, 'succeeded');
  rmSync(join(run.folder, 'inputs'), { recursive: true });
  await expect(againWish(runs, ended, command, {})).rejects.toThrow(/a\.yaml is not there any more/);
  expect((await againWish(runs, ended, ['true'], {})).inputs).toEqual([]);
});
